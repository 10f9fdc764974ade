import os
import subprocess
import sys
from pathlib import Path

import keras
import pytest
import tensorflow as tf

from bench import bench_core
from bench.cases import Case
from bench.measure.calls import Call, prepare
from bench.measure.memory import peak, peak_memory
from bench.measure.traces import Allocation
from bench.operators import ALL_OPERATORS, PATCHES
from bench.sweeps import plan
from involution.ops.native.library import reason_against


@pytest.mark.parametrize("operator", ALL_OPERATORS, ids=str)
def test_peak_holds_inputs_weights_and_outputs(operator):
    # The largest map on which all operators take part.
    case = operator.fit(Case(batch=16, height=32, width=32, kernel_size=5))
    call = prepare(operator, case)
    call()
    peak = peak_memory(call)
    outputs = 16 * 32 * 32 * 64 * 4
    assert peak.bytes >= call.held_bytes + outputs
    assert peak.source == "requests to the allocator, CPU:0"
    assert peak.note is None


@pytest.mark.parametrize("rows", [9_001, 70_001, 300_007])
def test_peak_is_what_was_built_to_be(rows):
    """Whatever the chunks: the inputs, and a copy of three times their size."""
    inputs = tf.zeros((rows, 8))
    function = tf.function(lambda inputs: tf.reduce_sum(tf.tile(inputs, [3, 1])))
    call = Call(keras.layers.Identity(), function, (inputs,))
    call()
    assert peak_memory(call).bytes == pytest.approx(4 * 32 * rows, rel=0.01)


def test_memory_that_was_freed_is_not_counted():
    taken = [Allocation(1, 8, 0), Allocation(2, 4, 1), Allocation(3, -8, 0), Allocation(4, 5, 2)]
    assert peak(taken) == 12
    assert peak([Allocation(0, -100, 9), *taken]) == 12
    assert peak([]) is None


def test_patches_hold_all_windows_at_once():
    case = Case(batch=4, height=32, width=32, kernel_size=5)
    call = prepare(PATCHES, case)
    call()
    patches = 25 * 4 * 32 * 32 * 64 * 4
    assert peak_memory(call).bytes >= patches


NATIVE_CORE = [each for each in bench_core.COMPILED if each.implementation == "native"]


@pytest.mark.skipif(reason_against() is not None, reason="there are no native kernels")
@pytest.mark.parametrize(
    ("operator", "case"),
    plan(bench_core.SWEEP, "default", NATIVE_CORE),
    ids=lambda of: f"{of.label} {of.direction}" if isinstance(of, Case) else str(of),
)
def test_native_kernels_hold_little_more_than_what_must_exist(operator, case):
    """Inputs, kernels and outputs, in training their gradients, too."""
    call = prepare(operator, case)
    call()
    assert peak_memory(call).bytes <= 1.2 * operator.costs(case).compulsory_bytes


@pytest.mark.slow
def test_without_counting_there_is_no_number_but_a_reason():
    code = """
from bench.measure.calls import prepare
from bench.cases import Case
from bench.measure.memory import peak_memory
from bench.operators import BASELINE
call = prepare(BASELINE, Case(height=4, width=4, groups=1))
call()
peak = peak_memory(call)
assert peak.bytes is None and peak.source is None, peak
assert "not measured" in peak.note, peak
"""
    environment = {**os.environ, "TF_ENABLE_ONEDNN_OPTS": "0"}
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=root)
