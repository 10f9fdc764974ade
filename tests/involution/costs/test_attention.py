from math import prod

import keras
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from involution import costs
from tests.involution.costs.test_operators import (
    CHANNELS,
    GEOMETRY,
    SHAPE,
    counted_flops,
    trainable,
)

# What `GEOMETRY` gives: 2 x 2 positions in each of 2 images, 3 x 2 taps.
WINDOWS, TAPS = 2 * 2 * 2, 3 * 2
PIXELS = prod(SHAPE[:3])


class Attention(keras.layers.Layer):
    """Keras's attention of some positions to all."""

    def __init__(self, heads, channels, strides):
        super().__init__()
        self.strides = strides
        self.attention = keras.layers.MultiHeadAttention(heads, channels // heads, use_bias=False)

    def call(self, inputs):
        batch, _, _, channels = inputs.shape
        step = self.strides
        queries = keras.ops.reshape(inputs[:, ::step, ::step], (batch, -1, channels))
        return self.attention(queries, keras.ops.reshape(inputs, (batch, -1, channels)))


@settings(max_examples=15, deadline=None)
@given(
    sizes=st.tuples(st.integers(1, 3), st.integers(3, 8), st.integers(3, 8)),
    heads=st.sampled_from([1, 2, 4]),
    strides=st.integers(1, 3),
)
def test_attention_equals_keras_and_tensorflows_counter(sizes, heads, strides):
    batch, height, width = sizes
    layer = Attention(heads, 8, strides)
    counted = counted_flops(layer, (*sizes, 8))
    found = costs.self_attention((*sizes, 8), strides=strides)
    assert found.parameters == trainable(layer)
    # The counter does not know the two products of a head. It counts the scale of each score, and
    # five operations of its softmax.
    queries = batch * -(-height // strides) * -(-width // strides)
    products = 2 * queries * height * width * 8
    single = (1 + 5) * heads * queries * height * width
    assert counted == found.flops - 2 * products + single


def test_attention_by_hand():
    found = costs.self_attention(SHAPE, strides=(2, 3), itemsize=2, training=True)
    queries = 2 * 4 * 4  # of 8 x 10 pixels
    parameters = 4 * CHANNELS**2
    projections = (2 * queries + 2 * PIXELS) * CHANNELS**2
    products = 2 * queries * (8 * 10) * CHANNELS
    moved = prod(SHAPE) + parameters + queries * CHANNELS
    assert found == costs.Costs(parameters, 3 * (projections + products), 2 * 2 * moved)


def test_local_attention_by_hand():
    found = costs.local_attention(SHAPE, **GEOMETRY, itemsize=2, training=True)
    parameters = 3 * CHANNELS**2
    projections = (WINDOWS + 2 * PIXELS) * CHANNELS**2
    products = 2 * WINDOWS * TAPS * CHANNELS
    moved = prod(SHAPE) + parameters + WINDOWS * CHANNELS
    assert found == costs.Costs(parameters, 3 * (projections + products), 2 * 2 * moved)


@pytest.mark.parametrize("training", [False, True])
def test_local_attention_to_as_many_positions_lacks_one_projection(training):
    everywhere = costs.self_attention((2, 7, 7, 8), training=training)
    windows = costs.local_attention((2, 7, 7, 8), kernel_size=7, training=training)
    of_outputs = costs.convolution((2, 7, 7, 8), filters=8, kernel_size=1, training=training)
    assert everywhere.macs == windows.macs + of_outputs.macs
    assert everywhere.parameters == windows.parameters + of_outputs.parameters
