from dataclasses import FrozenInstanceError
from math import prod

import keras
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from involution import Involution2D, costs

SIZES = st.fixed_dictionaries(
    {
        "shape": st.tuples(
            st.integers(1, 3), st.integers(5, 12), st.integers(5, 12), st.sampled_from([4, 8, 12])
        ),
        "kernel_size": st.sampled_from([1, 3, 5]),
        "strides": st.integers(1, 3),
    }
)

BATCH, HEIGHT, WIDTH, CHANNELS = 2, 8, 10, 12
SHAPE = (BATCH, HEIGHT, WIDTH, CHANNELS)
# Windows of 5 x 5 pixels, 2 and 3 apart: 2 x 2 positions with "valid" padding.
GEOMETRY = {"kernel_size": (3, 2), "strides": (2, 3), "padding": "valid", "dilation_rate": (2, 4)}
TAPS, POSITIONS = 3 * 2, BATCH * 2 * 2


def trainable(layer):
    return sum(prod(weight.shape) for weight in layer.trainable_weights)


def counted_flops(layer, shape):
    """What TensorFlow's profiler counts in the graph of a layer."""
    graph = tf.function(layer).get_concrete_function(tf.TensorSpec(shape)).graph
    options = tf.compat.v1.profiler.ProfileOptionBuilder
    options = options(options.float_operation()).with_empty_output().build()
    return tf.compat.v1.profiler.profile(graph, options=options).total_float_ops


@settings(max_examples=15, deadline=None)
@given(sizes=SIZES, filters=st.sampled_from([2, 6]), padding=st.sampled_from(["same", "valid"]))
def test_convolution_equals_keras_and_tensorflows_counter(sizes, filters, padding):
    layer = keras.layers.Conv2D(
        filters, sizes["kernel_size"], sizes["strides"], padding=padding, use_bias=False
    )
    flops = counted_flops(layer, sizes["shape"])
    expected = costs.convolution(**sizes, filters=filters, padding=padding)
    assert (expected.parameters, expected.flops) == (trainable(layer), flops)


@settings(max_examples=15, deadline=None)
@given(sizes=SIZES)
def test_depthwise_convolution_equals_keras_and_tensorflows_counter(sizes):
    layer = keras.layers.DepthwiseConv2D(
        sizes["kernel_size"], sizes["strides"], padding="same", use_bias=False
    )
    flops = counted_flops(layer, sizes["shape"])
    expected = costs.depthwise_convolution(**sizes)
    assert (expected.parameters, expected.flops) == (trainable(layer), flops)


@settings(max_examples=15, deadline=None)
@given(sizes=SIZES, filters=st.sampled_from([2, 6]))
def test_separable_convolution_equals_keras_and_tensorflows_counter(sizes, filters):
    layer = keras.layers.SeparableConv2D(
        filters, sizes["kernel_size"], sizes["strides"], padding="same", use_bias=False
    )
    flops = counted_flops(layer, sizes["shape"])
    expected = costs.separable_convolution(**sizes, filters=filters)
    assert (expected.parameters, expected.flops) == (trainable(layer), flops)


@settings(max_examples=15, deadline=None)
@given(sizes=SIZES, groups=st.sampled_from([1, 2, 4]))
def test_involution_equals_keras_and_tensorflows_counter(sizes, groups):
    layer = Involution2D(
        sizes["kernel_size"],
        strides=sizes["strides"],
        groups=groups,
        implementation="patches",
    )
    counted = counted_flops(layer, sizes["shape"])
    expected = costs.involution(**sizes, groups=groups)
    assert expected.parameters == trainable(layer)
    # TensorFlow also counts what the formula leaves out: the pooling, the second convolution's
    # bias, and batch normalisation (a product and a sum per element, six operations per channel).
    # It counts one addition less for each output, which begins with a product.
    batch, height, width, channels = sizes["shape"]
    positions = batch * -(-height // sizes["strides"]) * -(-width // sizes["strides"])
    biases = positions * sizes["kernel_size"] ** 2 * groups
    normalization = (2 * positions + 6) * (channels // 4)
    pooling = positions * channels * sizes["strides"] ** 2 if sizes["strides"] > 1 else 0
    left_out = biases + normalization + pooling
    assert counted == expected.flops + left_out - positions * channels


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_grouped_convolution_has_a_groups_part_of_the_cost(groups):
    dense = costs.convolution((1, 8, 8, 8), filters=8, kernel_size=3)
    grouped = costs.convolution((1, 8, 8, 8), filters=8, kernel_size=3, groups=groups)
    assert grouped.macs * groups == dense.macs
    layer = keras.layers.Conv2D(8, 3, groups=groups)
    layer.build((None, 8, 8, 8))
    biased = costs.convolution((1, 8, 8, 8), filters=8, kernel_size=3, groups=groups, use_bias=True)
    assert biased.parameters == trainable(layer)


@settings(max_examples=25, deadline=None)
@given(
    width=st.integers(1, 6),
    groups=st.integers(1, 4),
    reduction_ratio=st.integers(1, 30),
    kernel_size=st.tuples(st.sampled_from([1, 3, 5]), st.sampled_from([1, 3, 7])),
)
def test_trainable_parameters_of_involution(width, groups, reduction_ratio, kernel_size):
    arguments = {"kernel_size": kernel_size, "groups": groups, "reduction_ratio": reduction_ratio}
    layer = Involution2D(**arguments)
    layer.build((None, 9, 9, width * groups))
    assert costs.involution((1, 9, 9, width * groups), **arguments).parameters == trainable(layer)


@settings(max_examples=25, deadline=None)
@given(
    width=st.integers(1, 6),
    groups=st.integers(1, 4),
    filters=st.integers(1, 5),
    kernel_size=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    use_bias=st.booleans(),
)
def test_trainable_parameters_of_convolutions(width, groups, filters, kernel_size, use_bias):
    shape, arguments = (1, 9, 9, width * groups), {"kernel_size": kernel_size, "use_bias": use_bias}
    layer = keras.layers.Conv2D(filters * groups, **arguments, groups=groups)
    depthwise = keras.layers.DepthwiseConv2D(**arguments)
    separable = keras.layers.SeparableConv2D(filters, **arguments)
    for built in (layer, depthwise, separable):
        built.build(shape)
    dense = costs.convolution(shape, filters=filters * groups, **arguments, groups=groups)
    assert dense.parameters == trainable(layer)
    assert costs.depthwise_convolution(shape, **arguments).parameters == trainable(depthwise)
    of_separable = costs.separable_convolution(shape, filters=filters, **arguments)
    assert of_separable.parameters == trainable(separable)


def test_costs_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        costs.involution((1, 8, 8, 8)).macs = 1


def test_convolution_by_hand():
    found = costs.convolution(
        SHAPE, filters=6, **GEOMETRY, groups=3, use_bias=True, itemsize=2, training=True
    )
    weights = TAPS * CHANNELS * 6 // 3
    moved = prod(SHAPE) + weights + 6 + POSITIONS * 6
    assert found == costs.Costs(weights + 6, 3 * POSITIONS * weights, 2 * 2 * moved)
    assert found.flops == 2 * found.macs
    assert found.published_operations is None


def test_depthwise_convolution_by_hand():
    found = costs.depthwise_convolution(SHAPE, **GEOMETRY, use_bias=True, itemsize=2, training=True)
    weights = TAPS * CHANNELS
    moved = prod(SHAPE) + weights + CHANNELS + POSITIONS * CHANNELS
    assert found == costs.Costs(weights + CHANNELS, 3 * POSITIONS * weights, 2 * 2 * moved)


def test_separable_convolution_by_hand():
    found = costs.separable_convolution(
        SHAPE, filters=6, **GEOMETRY, use_bias=True, itemsize=2, training=True
    )
    weights = TAPS * CHANNELS + CHANNELS * 6
    moved = prod(SHAPE) + weights + 6 + POSITIONS * 6
    assert found == costs.Costs(weights + 6, 3 * POSITIONS * weights, 2 * 2 * moved)


def test_the_sum_by_hand():
    found = costs.involve(SHAPE, **GEOMETRY, groups=4, itemsize=2, training=True)
    moved = prod(SHAPE) + POSITIONS * (TAPS * 4 + CHANNELS)
    assert found == costs.Costs(0, 3 * POSITIONS * TAPS * CHANNELS, 2 * 2 * moved)


@pytest.mark.parametrize(("reduction_ratio", "bottleneck"), [(5, 2), (12, 1), (13, 1)])
def test_involution_by_hand(reduction_ratio, bottleneck):
    found = costs.involution(
        SHAPE,
        **GEOMETRY,
        groups=4,
        reduction_ratio=reduction_ratio,
        itemsize=2,
        training=True,
    )
    weights = CHANNELS * bottleneck + bottleneck * TAPS * 4
    parameters = weights + 2 * bottleneck + TAPS * 4  # scale and shift, bias
    moved = prod(SHAPE) + parameters + 2 * bottleneck + POSITIONS * CHANNELS  # mean and variance
    macs = POSITIONS * (weights + TAPS * CHANNELS)
    assert found == costs.Costs(parameters, 3 * macs, 2 * 2 * moved)


def test_compulsory_bytes_by_hand():
    # 2 x 8 x 8 x 4 inputs, 3 x 3 x 4 x 6 weights, 2 x 4 x 4 x 6 outputs, two bytes each.
    moved = 2 * (512 + 216 + 192)
    convolution = {"shape": (2, 8, 8, 4), "filters": 6, "kernel_size": 3, "strides": 2}
    assert costs.convolution(**convolution, itemsize=2).compulsory_bytes == moved
    training = costs.convolution(**convolution, itemsize=2, training=True)
    assert training.compulsory_bytes == 2 * moved


def test_training_has_a_product_for_each_gradient():
    forward = costs.involution((1, 8, 8, 8), kernel_size=3)
    training = costs.involution((1, 8, 8, 8), kernel_size=3, training=True)
    assert training.macs == 3 * forward.macs
    assert training.parameters == forward.parameters


def test_published_macs_of_the_core():
    # Table in the paper's section 3.2: K * K * C multiplications per position.
    found = costs.involve((1, 56, 56, 64), kernel_size=7, groups=4)
    assert found.macs == 56 * 56 * 49 * 64
