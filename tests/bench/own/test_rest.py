import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from bench.own.errors import ModelError
from bench.own.rest import StandIn, without_spatial
from involution.costs.calls import calls


def images(*shape):
    """Numbers that are all different."""
    size = int(np.prod(shape))
    return (
        np.random.default_rng(0).permutation(size).astype("float32").reshape(1, *shape) - size / 2
    )


LAYERS = [
    layers.Conv2D(6, 3, padding="same"),
    layers.Conv2D(6, 3),
    layers.Conv2D(4, 3, strides=2),
    layers.Conv2D(12, 3, strides=3, padding="same"),
    layers.Conv2D(15, (4, 2), groups=3),
    layers.Conv2D(6, 3, dilation_rate=3),
    layers.DepthwiseConv2D(3, strides=3),
    layers.SeparableConv2D(5, 3, strides=2, padding="same"),
    layers.Conv2D(6, 3, dtype="mixed_float16"),
]


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
@pytest.mark.parametrize("executor", ["eager", "xla"])
def test_outputs_have_the_shape_of_the_convolutions_and_are_pixels(layer, executor):
    model = keras.Sequential([keras.Input((10, 11, 6)), layer])
    rest = without_spatial(model)
    assert rest.output_shape == model.output_shape
    assert rest.count_params() == 0
    run = tf.function(rest, jit_compile=True) if executor == "xla" else rest
    pixels = images(10, 11, 6)
    outputs = run(pixels)
    assert outputs.shape == model(pixels).shape
    assert outputs.dtype == model(pixels).dtype
    # Each output follows its input: none is a constant.
    assert np.all(np.isin(outputs, pixels.astype(outputs.dtype.as_numpy_dtype)))
    assert np.all(np.isin(run(pixels + 1000), (pixels + 1000).astype(outputs.dtype.as_numpy_dtype)))


def test_the_pixels_are_those_of_the_windows():
    pixels = images(7, 9, 2)
    layer = layers.Conv2D(5, 3, strides=2, activation="relu")
    [stand_in] = without_spatial(keras.Sequential([keras.Input((7, 9, 2)), layer])).layers
    expected = np.maximum(pixels[:, :5:2, :7:2], 0)[..., [0, 1, 0, 1, 0]]
    np.testing.assert_array_equal(stand_in(pixels), expected)


def test_where_nothing_changes_nothing_is_done():
    layer = layers.Conv2D(6, 7, padding="same")
    rest = without_spatial(keras.Sequential([keras.Input((8, 9, 6)), layer]))
    graph = tf.function(rest).get_concrete_function(tf.TensorSpec((1, 8, 9, 6))).graph
    assert {operation.type for operation in graph.get_operations()} <= {
        "Placeholder",
        "Identity",
        "NoOp",
    }


def test_channels_first():
    layer = layers.Conv2D(5, 3, strides=2, data_format="channels_first")
    rest = without_spatial(keras.Sequential([keras.Input((2, 7, 9)), layer]))
    pixels = images(2, 7, 9)
    np.testing.assert_array_equal(rest(pixels), pixels[:, [0, 1, 0, 1, 0], :5:2, :7:2])


def test_all_other_layers_stay_with_their_weights():
    inner = keras.Sequential(
        [keras.Input((None, None, 6)), layers.Conv2D(6, 3, name="conv"), layers.ReLU()],
        name="inner",
    )
    photos = keras.Input((9, 9, 6))
    x = layers.Conv2D(6, 1, name="pointwise")(inner(inner(photos)))
    model = keras.Model(photos, layers.Conv2DTranspose(6, 3, name="transposed")(x))
    rest = without_spatial(model)
    assert type(rest.get_layer("inner").get_layer("conv")) is StandIn
    pixels = images(9, 9, 6)
    cut = np.maximum(pixels, 0)[:, :5, :5]
    expected = model.get_layer("transposed")(model.get_layer("pointwise")(cut))
    np.testing.assert_allclose(rest(pixels), expected, rtol=1e-5)


def test_gradients_reach_the_weights_before_a_stand_in():
    model = keras.Sequential(
        [keras.Input((8, 8, 3)), layers.Dense(4), layers.Conv2D(6, 3), layers.Dense(2)]
    )
    rest = without_spatial(model)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(rest(images(8, 8, 3)) ** 2)
    gradients = tape.gradient(loss, [weight.value for weight in rest.trainable_weights])
    assert len(gradients) == 4
    assert all(np.any(gradient != 0) for gradient in gradients)


def test_a_model_without_spatial_convolutions():
    with pytest.raises(ModelError, match="must have a convolution that can be measured"):
        without_spatial(keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(6, 1)]))


@pytest.mark.parametrize("name", ["MobileNetV2", "ResNet50"])
def test_all_layers_of_applications_have_outputs_of_the_same_shapes(name):
    model = getattr(keras.applications, name)(weights=None, input_shape=(64, 96, 3), classes=10)
    rest = without_spatial(model)
    assert {call.path: call.outputs for call in calls(rest)} == {
        call.path: call.outputs for call in calls(model)
    }
    kinds = [type(call.layer) for call in calls(rest)]
    # 17 depthwise convolutions and the first, or one in each of 16 blocks and the first.
    assert kinds.count(StandIn) == {"MobileNetV2": 18, "ResNet50": 17}[name]
