from dataclasses import replace
from math import prod

import numpy as np
import pytest

from bench.cases import Case
from bench.measure.calls import prepare
from bench.measure.flops import profiler_flops
from bench.operators import BASELINE, OPERATORS

SMALL = Case(batch=2, height=6, width=5, channels=8, kernel_size=3, groups=4)
each_operator = pytest.mark.parametrize("operator", OPERATORS, ids=str)


def test_operators_have_names_of_their_own():
    assert len({str(operator) for operator in OPERATORS}) == len(OPERATORS)
    assert not any(" " in str(operator) for operator in OPERATORS)


@each_operator
@pytest.mark.parametrize("strides", [1, 2])
def test_formula_and_layer_agree_on_the_parameters(operator, strides):
    case = operator.fit(replace(SMALL, strides=strides), "groups")
    layer = prepare(operator, case).layer
    trainable = sum(prod(weight.shape) for weight in layer.trainable_weights)
    assert operator.costs(case).parameters == trainable


def test_convolution_is_grouped_only_where_groups_are_swept():
    grouped = next(op for op in OPERATORS if op.implementation == "tensorflow")
    assert grouped.fit(SMALL, "groups").groups == 4
    assert grouped.fit(SMALL, "height") is None
    assert BASELINE.fit(SMALL, "groups").groups == BASELINE.fit(SMALL, "height").groups == 1


def test_grouped_convolution_equals_keras():
    case = replace(SMALL, strides=2)
    grouped = next(op for op in OPERATORS if op.implementation == "tensorflow")
    call, keras_call = prepare(grouped, case), prepare(replace(grouped, build=BASELINE.build), case)
    np.testing.assert_allclose(call(), keras_call(), atol=1e-5)


def test_depthwise_convolution_has_a_group_a_channel():
    depthwise = next(operator for operator in OPERATORS if operator.name.startswith("depthwise"))
    assert depthwise.fit(SMALL, "groups").groups == SMALL.channels


@each_operator
def test_a_call_returns_what_its_direction_asks_for(operator):
    case = operator.fit(SMALL, "groups")
    forward = prepare(operator, case)
    assert forward().shape == case.shape
    training = prepare(operator, replace(case, direction="training"))
    outputs, gradients = training()
    assert outputs.shape == gradients[0].shape == case.shape
    assert len(gradients) == 1 + len(training.layer.trainable_variables)
    assert all(gradient is not None for gradient in gradients)


@each_operator
def test_a_second_call_traces_nothing(operator):
    call = prepare(operator, operator.fit(SMALL, "groups"))
    assert call.traces == 0
    call()
    call()
    assert call.traces == 1


def test_held_bytes_are_inputs_weights_and_output_gradients():
    case = BASELINE.fit(replace(SMALL, dtype="float16", strides=2), "height")
    inputs, weights, outputs = 2 * 6 * 5 * 8, 3 * 3 * 8 * 8, 2 * 3 * 3 * 8
    assert prepare(BASELINE, case).held_bytes == 2 * (inputs + weights)
    training = prepare(BASELINE, replace(case, direction="training"))
    assert training.held_bytes == 2 * (inputs + weights + outputs)


@pytest.mark.parametrize("direction", ["forward", "training"])
def test_tensorflow_counts_a_convolution_as_the_formula_does(direction):
    case = BASELINE.fit(replace(SMALL, direction=direction), "height")
    call = prepare(BASELINE, case)
    assert profiler_flops(call) == BASELINE.costs(case).flops
