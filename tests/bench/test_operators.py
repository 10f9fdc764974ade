from dataclasses import replace
from math import prod

import numpy as np
import pytest

from bench.cases import Case
from bench.measure.calls import prepare
from bench.operators import ALL_OPERATORS, BASELINE, GROUPED_CONVOLUTION, OPERATORS

SMALL = Case(batch=2, height=6, width=5, channels=8, kernel_size=3, groups=4)
each_operator = pytest.mark.parametrize("operator", ALL_OPERATORS, ids=str)


def test_operators_have_names_of_their_own():
    names = [str(operator) for operator in ALL_OPERATORS]
    assert len(set(names)) == len(names)
    assert not any(" " in name for name in names)


@each_operator
@pytest.mark.parametrize("strides", [1, 2])
def test_formula_and_layer_agree_on_the_parameters(operator, strides):
    case = operator.fit(replace(SMALL, strides=strides))
    layer = prepare(operator, case).layer
    trainable = sum(prod(weight.shape) for weight in layer.trainable_weights)
    assert operator.costs(case).parameters == trainable


def test_convolution_has_groups_only_where_it_is_the_grouped_one():
    assert GROUPED_CONVOLUTION.fit(SMALL).groups == 4
    assert BASELINE.fit(SMALL).groups == 1
    assert GROUPED_CONVOLUTION not in OPERATORS


def test_grouped_convolution_equals_keras():
    case = replace(SMALL, strides=2)
    by_keras = replace(GROUPED_CONVOLUTION, build=BASELINE.build)
    call, keras_call = prepare(GROUPED_CONVOLUTION, case), prepare(by_keras, case)
    np.testing.assert_allclose(call(), keras_call(), atol=1e-5)


def test_depthwise_convolution_has_one_group_per_channel():
    depthwise = next(operator for operator in OPERATORS if operator.name.startswith("depthwise"))
    assert depthwise.fit(SMALL).groups == SMALL.channels


@each_operator
def test_a_call_returns_what_its_direction_asks_for(operator):
    case = operator.fit(SMALL)
    forward = prepare(operator, case)
    assert forward().shape == case.shape
    training = prepare(operator, replace(case, direction="training"))
    outputs, gradients = training()
    assert outputs.shape == gradients[0].shape == case.shape
    assert len(gradients) == 1 + len(training.layer.trainable_variables)
    assert all(gradient is not None for gradient in gradients)


@each_operator
def test_a_second_call_traces_nothing(operator):
    call = prepare(operator, operator.fit(SMALL))
    assert call.traces == 0
    call()
    call()
    assert call.traces == 1


def test_held_bytes_are_inputs_weights_and_output_gradients():
    case = BASELINE.fit(replace(SMALL, dtype="float16", strides=2))
    inputs, weights, outputs = 2 * 6 * 5 * 8, 3 * 3 * 8 * 8, 2 * 3 * 3 * 8
    assert prepare(BASELINE, case).held_bytes == 2 * (inputs + weights)
    training = prepare(BASELINE, replace(case, direction="training"))
    assert training.held_bytes == 2 * (inputs + weights + outputs)


@pytest.mark.parametrize("direction", ["forward", "training"])
def test_tensorflow_counts_a_convolution_as_the_formula_does(direction):
    case = BASELINE.fit(replace(SMALL, direction=direction))
    call = prepare(BASELINE, case)
    assert call.counted_flops() == BASELINE.costs(case).flops
