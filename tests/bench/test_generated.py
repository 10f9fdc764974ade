from dataclasses import replace
from math import prod

import numpy as np
import pytest

from bench.bench_generated import CONVOLUTION, OPERATORS, SWEEP
from bench.cases import Case
from bench.measure.calls import prepare
from bench.sweeps import competitors, plan
from tests.involution import loop

SMALL = Case(batch=2, height=6, width=5, channels=8, kernel_size=3, groups=4, strides=2)
INVOLUTIONS = [operator for operator in OPERATORS if operator.name == "involution"]


@pytest.mark.parametrize("operator", INVOLUTIONS, ids=str)
def test_it_is_the_sum_over_kernels_that_the_last_convolution_makes(operator):
    case = operator.fit(SMALL) or operator.fit(replace(SMALL, direction="training"))
    call = prepare(operator, case)
    layer = call.layer
    layer.last_bias.assign(np.arange(36) / 36)
    features, weights, bias = (np.asarray(each) for each in layer.weights)
    kernels = (features @ weights + bias).reshape(2, 3, 3, 3, 3, 4)
    found = call()
    outputs = found[0] if case.direction == "training" else found
    expected = loop.involve(call.arguments[0], kernels, strides=(2, 2))
    np.testing.assert_allclose(outputs, expected, atol=1e-5)


def test_bytes_are_those_of_inputs_weights_and_outputs():
    layer = prepare(INVOLUTIONS[0], SMALL).layer
    tensors = [SMALL.shape, *(weight.shape for weight in layer.weights), (2, 3, 3, 8)]
    costs = INVOLUTIONS[0].costs(SMALL)
    assert costs.compulsory_bytes == 4 * sum(map(prod, tensors))
    assert costs.parameters == sum(prod(weight.shape) for weight in layer.weights[1:])
    assert costs.macs == 2 * 3 * 3 * (2 * 36 + 9 * 8)


def test_the_baseline_is_the_convolution_that_rednet_replaces():
    baseline = competitors(OPERATORS, replace(SMALL, kernel_size=7))[0]
    case = baseline.case
    assert (baseline.operator, case.kernel_size, case.groups) == (CONVOLUTION, 3, 1)


def test_stages_have_16_channels_a_group():
    for sweep_size in ("default", "full"):
        cases = SWEEP.cases(sweep_size)
        assert all(case.channels == 16 * case.groups for case in cases)
        assert len(set(cases)) == len(cases)


def test_a_quick_sweep_leaves_it_out():
    assert plan(SWEEP, "quick", OPERATORS) == []
