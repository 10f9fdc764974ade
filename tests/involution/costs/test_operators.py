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
    assert (expected.parameters, expected.flops) == (layer.count_params(), flops)


@settings(max_examples=15, deadline=None)
@given(sizes=SIZES)
def test_depthwise_convolution_equals_keras_and_tensorflows_counter(sizes):
    layer = keras.layers.DepthwiseConv2D(
        sizes["kernel_size"], sizes["strides"], padding="same", use_bias=False
    )
    flops = counted_flops(layer, sizes["shape"])
    expected = costs.depthwise_convolution(**sizes)
    assert (expected.parameters, expected.flops) == (layer.count_params(), flops)


@settings(max_examples=15, deadline=None)
@given(sizes=SIZES, groups=st.sampled_from([1, 2, 4]))
def test_involution_equals_keras_and_tensorflows_counter(sizes, groups):
    layer = Involution2D(
        sizes["kernel_size"],
        strides=sizes["strides"],
        groups=groups,
        implementation="patches",
        bias_initializer="zeros",
    )
    counted = counted_flops(layer, sizes["shape"])
    expected = costs.involution(**sizes, groups=groups)
    assert expected.parameters == layer.count_params()
    # TensorFlow also counts what the formula leaves out: the pooling, the second convolution's
    # bias, and batch normalization (a product and a sum an element, six operations a channel).
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
    assert biased.parameters == layer.count_params()


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
    # Table in the paper's section 3.2: K * K * C multiplications a position.
    assert costs.involve((1, 56, 56, 64), kernel_size=7, groups=4).macs == 56 * 56 * 49 * 64


def test_bad_groups_are_refused_with_what_came():
    with pytest.raises(ValueError, match="Received: groups=3, channels=64"):
        costs.involution((1, 8, 8, 64), groups=3)
    with pytest.raises(ValueError, match="Received: groups=4, channels=8, filters=6"):
        costs.convolution((1, 8, 8, 8), filters=6, kernel_size=3, groups=4)
    with pytest.raises(ValueError, match="Received: kernel_size=0"):
        costs.depthwise_convolution((1, 8, 8, 8), kernel_size=0)
