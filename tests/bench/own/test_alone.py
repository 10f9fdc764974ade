import keras
import numpy as np
import pytest
from keras import layers

from bench.own.alone import convolution_of, involution_for
from bench.own.errors import ModelError
from bench.own.layers import uses
from involution import Involution2D, costs
from involution.costs.models import count

SHAPE = (9, 10, 6)


def use_of(layer, shape=SHAPE):
    [use] = [use for use in uses(keras.Sequential([keras.Input(shape), layer])) if use.is_measured]
    return use


LAYERS = [
    layers.Conv2D(6, 3, padding="same", strides=2, activation="relu"),
    layers.Conv2D(8, 3, use_bias=False),
    layers.Conv2D(6, 5, groups=3, dilation_rate=2),
    layers.DepthwiseConv2D(3, depth_multiplier=2, activation="sigmoid"),
    layers.SeparableConv2D(8, 3, dtype="mixed_float16"),
]


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_a_convolution_alone_computes_what_it_does_in_the_model(layer):
    alone = convolution_of(use_of(layer))
    pixels = np.random.default_rng(0).normal(size=(2, *SHAPE)).astype("float32")
    alone.build(pixels.shape)
    alone.set_weights(layer.get_weights())
    np.testing.assert_array_equal(layer.activation(alone(pixels)), layer(pixels))
    assert type(alone) is type(layer)
    assert alone.activation is keras.activations.linear


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
@pytest.mark.parametrize("kernel_size", [5, 7])
def test_involution_has_the_outputs_of_the_convolution(layer, kernel_size):
    use = use_of(layer)
    new = involution_for(use, kernel_size)
    pixels = np.ones((2, *SHAPE), "float32")
    assert new(pixels).shape == layer(pixels).shape
    assert new(pixels).dtype == layer(pixels).dtype
    assert (type(new) is Involution2D) == (use.filters == 6)


def test_costs_where_the_channels_change():
    use = use_of(layers.Conv2D(32, 3, padding="same", strides=2))
    model = keras.Sequential([keras.Input(SHAPE), involution_for(use)])
    pointwise = costs.convolution((1, *SHAPE), filters=32, kernel_size=1)
    involution = costs.involution((1, 9, 10, 32), strides=2, groups=2)
    assert count(model).macs == pointwise.macs + involution.macs
    assert count(model).parameters == pointwise.parameters + involution.parameters


def test_channels_first():
    use = use_of(layers.Conv2D(8, 3, data_format="channels_first"), (6, 9, 10))
    assert involution_for(use).compute_output_shape((1, 6, 9, 10)) == (1, 8, 7, 8)


def test_what_has_no_involution_or_is_not_measured():
    even = use_of(layers.Conv2D(6, 2, name="even"))
    with pytest.raises(ModelError, match="the place of even: its window of 2x2 has no centre"):
        involution_for(even)
    model = keras.Sequential(
        [keras.Input(SHAPE), layers.Conv2D(6, 1, name="one"), layers.Conv2D(6, 3)]
    )
    one = uses(model)[0]
    with pytest.raises(ModelError, match="layer one cannot be measured: its window is a single"):
        convolution_of(one)
