from dataclasses import replace

import numpy as np
import pytest

from bench.bench_core import OPERATORS, SWEEP
from bench.cases import Case
from bench.measure.calls import prepare
from bench.operators import BASELINE
from bench.sweeps import Competitor, competitors, plan
from tests.involution import loop

SMALL = Case(batch=2, height=6, width=5, channels=8, kernel_size=3, groups=4, strides=2)
INVOLUTIONS = [operator for operator in OPERATORS if operator.name == "involution"]


@pytest.mark.parametrize("operator", INVOLUTIONS, ids=str)
def test_it_is_the_sum_over_given_kernels(operator):
    call = prepare(operator, replace(SMALL, direction="training"))
    (inputs, output_gradients), kernels = call.arguments, call.layer.kernels
    strides = (2, 2)
    outputs, gradients = call()
    np.testing.assert_allclose(outputs, loop.involve(inputs, kernels, strides=strides), atol=1e-5)
    expected = loop.involve(inputs, kernels, strides=strides, output_gradients=output_gradients)
    for gradient, one_expected in zip(gradients, expected, strict=True):
        np.testing.assert_allclose(gradient, one_expected, atol=1e-5)


def test_kernels_are_bytes_but_not_parameters():
    costs = INVOLUTIONS[0].costs(SMALL)
    positions = 2 * 3 * 3
    assert costs.parameters == 0
    assert costs.compulsory_bytes == 4 * (2 * 6 * 5 * 8 + positions * (9 * 4 + 8))


def test_cases_differ_in_their_label():
    for sweep_size in ("default", "full"):
        labels = [case.label for case in SWEEP.cases(sweep_size)]
        assert len(labels) == 2 * len(set(labels))


def test_a_quick_sweep_leaves_it_out():
    assert plan(SWEEP, "quick", OPERATORS) == []


def test_the_baseline_is_dense_convolution():
    assert competitors(OPERATORS, SMALL)[0] == Competitor(BASELINE, replace(SMALL, groups=1))
