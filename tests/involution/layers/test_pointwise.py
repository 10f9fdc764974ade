import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from involution.layers.pointwise import MIN_CHANNELS, PointwiseConv2D

sizes = st.integers(1, 4)


@settings(deadline=None)
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
    found = tf.function(model)(inputs)
    assert found.dtype == convolution(inputs).dtype
    np.testing.assert_allclose(
        tf.cast(found, "float32"), tf.cast(convolution(inputs), "float32"), atol=0.02
    )


def test_it_can_be_made_again():
    layer = PointwiseConv2D(5, use_bias=False)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert type(again) is PointwiseConv2D
    assert again.get_config() == layer.get_config()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("kernel_size", 3, "1 or (1, 1)"),
        ("kernel_size", [1, 3], "1 or (1, 1)"),
        ("strides", 2, "1 or (1, 1)"),
        ("strides", (2, 1), "1 or (1, 1)"),
        ("padding", "causal", "'valid' or 'same'"),
        ("data_format", "channels_first", "'channels_last' or None"),
        ("dilation_rate", 2, "1 or (1, 1)"),
        ("groups", 2, "1"),
    ],
)
def test_what_it_does_not_compute_is_refused_with_what_came(name, value, expected):
    with pytest.raises(ValueError, match=name) as refusal:
        PointwiseConv2D(4, **{name: value})
    assert str(refusal.value) == (
        f"`{name}` must be {expected} in a pointwise convolution. Received: {name}={value!r}"
    )


def test_what_it_does_compute_may_be_said():
    said = {"kernel_size": [1, 1], "strides": 1, "padding": "same", "groups": 1}
    layer = PointwiseConv2D(4, **said, data_format="channels_last", dilation_rate=(1, 1), name="a")
    assert layer.get_config() == PointwiseConv2D(4, name="a").get_config()
    assert (layer.kernel_size, layer.strides, layer.padding) == ((1, 1), (1, 1), "valid")


def test_an_unknown_argument_is_refused_by_keras():
    with pytest.raises(ValueError, match="stride"):
        PointwiseConv2D(4, stride=1)


def test_all_but_the_filters_is_keyword_only_and_known_to_keras():
    _, filters, *others = inspect.signature(PointwiseConv2D.__init__).parameters.values()
    assert filters.name == "filters"
    names = {other.name for other in others if other.kind is inspect.Parameter.KEYWORD_ONLY}
    of_keras = set(inspect.signature(keras.layers.Conv2D.__init__).parameters)
    fixed = {"kernel_size", "strides", "padding", "data_format", "dilation_rate", "groups"}
    assert names == of_keras - fixed - {"self", "filters", "kwargs"}
    assert others[-1].kind is inspect.Parameter.VAR_KEYWORD


def test_it_is_loaded_from_a_saved_file():
    """The configuration as an earlier version saved it."""
    saved = {
        "module": "involution.pointwise",
        "class_name": "PointwiseConv2D",
        "config": {
            "name": "pointwise_conv2d",
            "trainable": True,
            "dtype": "float32",
            "filters": 18,
            "activation": "linear",
            "use_bias": True,
            "kernel_initializer": "glorot_uniform",
            "bias_initializer": "zeros",
            "kernel_regularizer": None,
            "bias_regularizer": None,
            "activity_regularizer": None,
            "kernel_constraint": None,
            "bias_constraint": None,
        },
        "registered_name": "involution>PointwiseConv2D",
        "build_config": {"input_shape": [None, 4, 4, 1]},
    }
    layer = keras.saving.deserialize_keras_object(saved)
    assert type(layer) is PointwiseConv2D
    assert [weight.shape for weight in layer.weights] == [(1, 1, 1, 18), (18,)]
