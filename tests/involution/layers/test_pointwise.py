import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from involution.layers.pointwise import MIN_CHANNELS, PointwiseConv2D

sizes = st.integers(1, 4)


@given(
    batch=st.integers(0, 3),
    height=sizes,
    width=sizes,
    channels=st.integers(1, 9),
    use_bias=st.booleans(),
)
def test_it_is_the_sum_over_channels(batch, height, width, channels, use_bias):
    layer = PointwiseConv2D(3, use_bias=use_bias, dtype="float64", bias_initializer="normal")
    random = np.random.default_rng(0)
    inputs = random.normal(size=(batch, height, width, channels))
    with tf.GradientTape() as tape:
        outputs = layer(inputs)
        loss = tf.reduce_sum(outputs**2)
    weights, *bias = layer.get_weights()
    expected = np.einsum("bhwc,cf->bhwf", inputs, weights[0, 0]) + (bias[0] if bias else 0)
    np.testing.assert_allclose(outputs, expected, atol=1e-12)
    found = tape.gradient(loss, layer.trainable_variables)
    wanted = [np.einsum("bhwc,bhwf->cf", inputs, 2 * expected), 2 * expected.sum((0, 1, 2))]
    for gradient, number in zip(found, wanted, strict=False):
        np.testing.assert_allclose(np.reshape(gradient, number.shape), number, atol=1e-10)


@pytest.mark.parametrize("channels", [MIN_CHANNELS - 1, MIN_CHANNELS])
@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16", "float16"])
def test_it_stands_for_keras_convolution(channels, policy):
    convolution = keras.layers.Conv2D(5, 1, activation="relu", dtype=policy)
    product = PointwiseConv2D(5, activation="relu", dtype=policy)
    model = keras.Sequential([keras.Input((None, None, channels)), product])
    convolution.build((None, None, None, channels))
    product.set_weights(convolution.get_weights())
    inputs = np.random.default_rng(0).normal(size=(2, 3, 4, channels)).astype("float32")
    found = tf.function(lambda x: model(x))(inputs)
    assert found.dtype == convolution(inputs).dtype
    np.testing.assert_allclose(
        tf.cast(found, "float32"), tf.cast(convolution(inputs), "float32"), atol=0.02
    )


def test_it_can_be_made_again():
    layer = PointwiseConv2D(5, use_bias=False)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert type(again) is PointwiseConv2D
    assert again.get_config() == layer.get_config()
