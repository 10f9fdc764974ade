import keras
import numpy as np
import pytest
from keras import layers

from bench.own.errors import ModelError
from bench.own.replacing import matching, replaced
from involution import Involution2D
from involution.costs.calls import calls
from involution.models import rednet


def images(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=(2, *shape)).astype("float32")


def shapes(model):
    return [(call.path, tuple(call.outputs)) for call in calls(model)]


def nested():
    """A model with a model inside, whose layers are called twice, and what needs care in a copy."""
    inner = keras.Sequential(
        [
            keras.Input((None, None, 6)),
            layers.Conv2D(6, 3, padding="same", activation="relu", name="conv"),
            layers.BatchNormalization(name="norm"),
        ],
        name="inner",
    )
    photos = keras.Input((8, 9, 6))
    scale = layers.Normalization(name="scale")
    scale.adapt(3 * images(8, 9, 6) + 2)
    x = inner(layers.Lambda(lambda x: x / 2, name="half")(scale(photos)))
    x = inner(keras.ops.relu(x + 1))
    x = layers.DepthwiseConv2D(3, strides=2, name="depthwise")(layers.ZeroPadding2D()(x))
    return keras.Model(photos, layers.Dense(3, name="head")(layers.Flatten()(x)))


def test_a_copy_without_a_replacement_predicts_exactly_the_same():
    for model in (nested(), rednet(14, input_shape=(8, 9, 6), classes=3, stem="cifar")):
        copy = replaced(model, {})
        np.testing.assert_array_equal(copy(images(8, 9, 6)), model(images(8, 9, 6)))
        assert shapes(copy) == shapes(model)
        for weight in copy.trainable_weights:
            weight.assign(keras.ops.zeros_like(weight))
        assert np.any(model(images(8, 9, 6)) != copy(images(8, 9, 6)))  # weights are not shared


GEOMETRIES = [
    layers.Conv2D(32, 3, padding="same", strides=2),
    layers.Conv2D(32, 3),
    layers.Conv2D(32, 3, dilation_rate=2, groups=4),
    layers.Conv2D(32, (3, 5), padding="same"),
    layers.DepthwiseConv2D(3, strides=2),
    layers.SeparableConv2D(32, 3, padding="same", dtype="mixed_float16"),
    layers.Conv2D(32, 3, activation="sigmoid"),
]


@pytest.mark.parametrize("kernel_size", [3, 7])
@pytest.mark.parametrize("layer", GEOMETRIES, ids=lambda layer: layer.name)
def test_an_involution_has_the_outputs_of_the_convolution(layer, kernel_size):
    model = keras.Sequential([keras.Input((15, 17, 32)), layer, layers.Flatten(), layers.Dense(2)])
    copy = replaced(model, {layer.name: kernel_size})
    new = copy.layers[0]
    assert type(new) is Involution2D
    assert shapes(copy) == shapes(model)
    assert new.kernel_size == (kernel_size, kernel_size)
    assert (new.strides, new.dilation_rate) == (layer.strides, layer.dilation_rate)
    assert (new.groups, new.dtype_policy.name) == (2, layer.dtype_policy.name)
    assert new.activation is layer.activation
    np.testing.assert_array_equal(copy.layers[-1].kernel, model.layers[-1].kernel)
    np.testing.assert_allclose(
        np.asarray(copy(images(15, 17, 32))),
        np.asarray(copy.layers[-1](copy.layers[1](new(images(15, 17, 32))))),
        rtol=1e-6,
    )


def test_a_larger_window_stays_at_the_place_of_the_convolutions():
    """With kernels that are 1 in the centre and 0 elsewhere, the pixels under the windows."""
    layer = layers.Conv2D(1, 3, strides=2, dilation_rate=1, name="conv")
    model = keras.Sequential([keras.Input((9, 11, 1)), layer])
    [new] = replaced(model, {"conv": 7}).layers
    for weight in new.trainable_weights:
        weight.assign(keras.ops.zeros_like(weight))
    *_, bias = new.trainable_weights
    bias.assign(np.eye(49)[24])
    pixels = images(9, 11, 1)
    np.testing.assert_array_equal(new(pixels), pixels[:, 1:-1:2, 1:-1:2])


@pytest.mark.parametrize(("channels", "groups"), [(16, 1), (48, 3), (24, 3), (6, 3), (5, 5)])
def test_sixteen_channels_share_a_kernel_or_fewer_where_they_do_not_divide(channels, groups):
    layer = layers.Conv2D(channels, 3, name="conv")
    model = keras.Sequential([keras.Input((8, 8, channels)), layer])
    assert replaced(model, {"conv": 3}).get_layer("conv").groups == groups


def test_channels_first():
    layer = layers.Conv2D(6, 3, data_format="channels_first", strides=2, name="conv")
    model = keras.Sequential([keras.Input((6, 8, 9)), layer])
    copy = replaced(model, {"conv": 5})
    assert copy(images(6, 8, 9)).shape == (2, 6, 3, 4)
    assert copy.layers[0].data_format == "channels_first"


def test_layers_in_models_inside_are_replaced_in_all_their_calls():
    model = nested()
    model.get_layer("inner").get_layer("norm").trainable = False
    model.get_layer("head").trainable = False
    copy = replaced(model, {"inner/conv": 7, "depthwise": 5})
    assert shapes(copy) == shapes(model)
    inner = copy.get_layer("inner")
    assert type(inner.get_layer("conv")) is Involution2D
    assert type(copy.get_layer("depthwise")) is Involution2D
    assert not inner.get_layer("norm").trainable
    assert not copy.get_layer("head").trainable
    assert inner.get_layer("conv").trainable
    assert not any("head" in weight.path for weight in copy.trainable_weights)


def test_a_model_that_is_not_trained_but_for_one_layer():
    model = nested()
    model.get_layer("inner").trainable = False
    model.get_layer("inner").get_layer("norm").trainable = True
    copy = replaced(model, {})
    assert [weight.shape for weight in copy.trainable_weights] == [
        weight.shape for weight in model.trainable_weights
    ]
    assert copy.get_layer("inner").get_layer("norm").trainable


def test_a_copy_is_saved_and_loaded(tmp_path):
    layer = layers.Conv2D(6, 3, padding="same", activation="relu", name="conv")
    photos = keras.Input((8, 9, 6))
    copy = replaced(keras.Model(photos, layer(photos)), {"conv": (3, 5)})
    copy.save(tmp_path / "copy.keras")
    loaded = keras.saving.load_model(tmp_path / "copy.keras")
    np.testing.assert_array_equal(loaded(images(8, 9, 6)), copy(images(8, 9, 6)))


def test_a_compiled_model_has_a_compiled_copy():
    model = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(3, 3, name="conv")])
    model.compile("sgd", "mse")
    copy = replaced(model, {"conv": 3})
    before = copy.get_weights()
    copy.fit(images(8, 8, 3), images(6, 6, 3), verbose=0)
    assert any(np.any(a != b) for a, b in zip(before, copy.get_weights(), strict=True))


@pytest.mark.parametrize(
    ("kernel_sizes", "message"),
    [
        ({"inner/conf": 3}, r"a convolution of the model, such as inner/conv.*'inner/conf'"),
        ({"zzz": 3}, r"such as inner/conv, depthwise. Received: 'zzz'"),
        ({"head": 3}, r"must be a convolution of the model"),
        ({"inner/conv": 4}, "`kernel_size` must be odd"),
        (
            {"depthwise": 1},
            r"larger by as much in both .* kernel_size=1 in the place of \(3, 3\)",
        ),
        ({"depthwise": (3, 5)}, r"larger by as much in both .* kernel_size=\(3, 5\)"),
    ],
)
def test_what_cannot_be_replaced(kernel_sizes, message):
    with pytest.raises(ValueError, match=message):
        replaced(nested(), kernel_sizes)


def test_a_layer_that_involution_cannot_replace():
    model = keras.Sequential(
        [keras.Input((8, 8, 3)), layers.Conv2D(6, 3, name="wide"), layers.Conv2D(6, 1, name="one")]
    )
    with pytest.raises(ModelError, match="the place of wide: it makes 6 channels of 3, and"):
        replaced(model, {"wide": 3})
    with pytest.raises(ModelError, match="the place of one: its window is a single pixel"):
        replaced(model, {"one": 3})
    with pytest.raises(ModelError, match=r"can replace: there is none. Received: '\*'"):
        matching(model, ["*"])


def test_patterns():
    model = nested()
    assert matching(model, ["depth*", "inner/*"]) == ["inner/conv", "depthwise"]
    assert matching(model, ["*"]) == ["inner/conv", "depthwise"]
    assert matching(model, []) == []
    with pytest.raises(
        ModelError, match=r"can replace: inner/conv, depthwise. Received: 'Inner/\*'"
    ):
        matching(model, ["*", "Inner/*"])


def test_a_lambda_inside_a_layer_is_copied():
    """A file that was trusted may have one; its copy is made of what is in memory."""
    photos = keras.Input((8, 9, 6))
    x = layers.Conv2D(6, 3, activation=lambda x: x / 2, name="conv")(photos)
    model = keras.Model(photos, layers.Activation(lambda x: x + 1)(x))
    copy = replaced(model, {})
    np.testing.assert_array_equal(copy(images(8, 9, 6)), model(images(8, 9, 6)))
    assert type(replaced(model, {"conv": 3}).get_layer("conv")) is Involution2D
