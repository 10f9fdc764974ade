import os
import subprocess
import sys
from dataclasses import replace
from math import prod

import numpy as np
import pytest
import tensorflow as tf

from bench import onednn
from bench.cases import Case
from bench.measure.calls import prepare
from bench.operators import (
    ALL_OPERATORS,
    ATTENTION,
    ATTENTIONS,
    BASELINE,
    CONVOLUTION_3X3,
    CONVOLUTION_XLA,
    GROUPED_CONVOLUTION,
    OPERATORS,
    PATCHES,
    SEPARABLE_CONVOLUTION,
)
from involution.ops.native.library import reason_against

SMALL = Case(batch=2, height=6, width=5, channels=8, kernel_size=5, groups=4)
each_operator = pytest.mark.parametrize("operator", ALL_OPERATORS, ids=str)


def test_operators_have_names_of_their_own():
    names = [str(operator) for operator in ALL_OPERATORS]
    assert len(set(names)) == len(names)
    assert not any(" " in name for name in names)


def test_short_names():
    assert [str(operator) for operator in OPERATORS] == [
        "convolution",
        "convolution-3x3",
        "depthwise",
        "separable",
        f"involution-{'fused' if reason_against() else 'native'}",
    ]
    assert str(CONVOLUTION_XLA) == "convolution-xla"
    assert [str(operator) for operator in ATTENTIONS] == ["attention", "local-attention"]
    assert str(replace(BASELINE, is_twin=True)) == "twin"


def test_a_3x3_convolution_competes_where_the_baseline_is_larger():
    fitted = CONVOLUTION_3X3.fit(replace(SMALL, kernel_size=7, strides=2))
    assert fitted == replace(SMALL, kernel_size=3, strides=2, groups=1)
    assert CONVOLUTION_3X3.fit(replace(SMALL, kernel_size=3)) is None
    assert CONVOLUTION_3X3.fit(replace(SMALL, kernel_size=1)).kernel_size == 3


def test_patches_and_xla_do_not_compete_everywhere():
    assert not {PATCHES, CONVOLUTION_XLA} & set(OPERATORS)
    assert CONVOLUTION_XLA.executor == "xla"


def test_attention_competes_on_small_maps_alone():
    assert ATTENTION.fit(Case()) == Case()
    assert ATTENTION.fit(Case(height=32, width=33)) is None
    assert ATTENTION not in OPERATORS


def test_separable_convolution_is_a_depthwise_and_a_pointwise_one():
    call = prepare(SEPARABLE_CONVOLUTION, SEPARABLE_CONVOLUTION.fit(SMALL))
    shapes = [tuple(weight.shape) for weight in call.layer.weights]
    assert shapes == [(5, 5, 8, 1), (1, 1, 8, 8)]


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


@pytest.mark.parametrize(
    ("in_use", "groups", "takes_part"),
    [(False, 4, False), (False, 1, True), (True, 4, True), (None, 4, True)],
)
def test_grouped_convolution_is_trained_where_tensorflow_can(
    in_use, groups, takes_part, monkeypatch
):
    monkeypatch.setattr(onednn, "in_use", lambda: in_use)
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda _: [])
    case = replace(SMALL, groups=groups, direction="training")
    assert GROUPED_CONVOLUTION.fit(case) == (case if takes_part else None)
    forward = replace(SMALL, groups=groups)
    assert GROUPED_CONVOLUTION.fit(forward) == forward


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="TensorFlow has this choice on Linux alone")
@pytest.mark.parametrize("value", ["0", "1"])
def test_grouped_convolution_takes_part_where_it_has_gradients(value):
    """With oneDNN and without: what `fit` lets through, TensorFlow computes."""
    code = (
        "from bench.cases import Case; from bench.operators import GROUPED_CONVOLUTION as grouped;"
        "from bench.measure.calls import prepare;"
        "case = grouped.fit(Case(1, 8, 8, 8, 3, groups=4, direction='training'));"
        "print(case and prepare(grouped, case)() and 'computed')"
    )
    environment = {**os.environ, "TF_ENABLE_ONEDNN_OPTS": value}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[-1] == {"0": "None", "1": "computed"}[value]


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
    fitted = operator.fit(replace(SMALL, direction="training"))
    if fitted is None:
        assert operator == GROUPED_CONVOLUTION
        return
    training = prepare(operator, fitted)
    outputs, gradients = training()
    assert outputs.shape == gradients[0].shape == case.shape
    assert len(gradients) == 1 + len(training.layer.trainable_variables)
    assert all(gradient is not None for gradient in gradients)


def test_inputs_and_upstream_gradients_are_other_numbers():
    training = replace(BASELINE.fit(SMALL), direction="training")
    inputs, output_gradients = prepare(BASELINE, training).arguments
    assert inputs.shape == output_gradients.shape
    assert not np.isclose(inputs, output_gradients).all(axis=-1).any()
    again = prepare(PATCHES, replace(SMALL, direction="training")).arguments
    np.testing.assert_array_equal(again[0], inputs)
    np.testing.assert_array_equal(again[1], output_gradients)


def test_no_weight_is_the_same_everywhere():
    layers = [prepare(operator, SMALL).layer for operator in ALL_OPERATORS if operator.reference]
    weights = [np.asarray(weight) for layer in layers for weight in layer.weights]
    assert all(np.ptp(weight) > 0 for weight in weights)


def test_implementations_of_involution_have_the_same_weights():
    involutions = [operator for operator in ALL_OPERATORS if operator.name == "involution"]
    first, *others = [prepare(operator, SMALL).layer for operator in involutions]
    assert others
    for other in others:
        for weight, expected in zip(other.weights, first.weights, strict=True):
            np.testing.assert_array_equal(weight, expected)


@each_operator
def test_a_second_call_traces_nothing(operator):
    call = prepare(operator, operator.fit(SMALL))
    assert call.traces == 0
    call()
    call()
    assert call.traces == 1


def test_held_bytes_are_inputs_weights_and_output_gradients():
    case = BASELINE.fit(replace(SMALL, dtype="float16", strides=2))
    inputs, weights, outputs = 2 * 6 * 5 * 8, 5 * 5 * 8 * 8, 2 * 3 * 3 * 8
    assert prepare(BASELINE, case).held_bytes == 2 * (inputs + weights)
    training = prepare(BASELINE, replace(case, direction="training"))
    assert training.held_bytes == 2 * (inputs + weights + outputs)


@pytest.mark.parametrize("direction", ["forward", "training"])
def test_tensorflow_counts_a_convolution_as_the_formula_does(direction):
    case = BASELINE.fit(replace(SMALL, direction=direction))
    call = prepare(BASELINE, case)
    assert call.counted_flops() == BASELINE.costs(case).flops
