"""Involution2D as a configuration, in a file, and from files of earlier versions."""

import re

import keras
import numpy as np
import pytest

from involution import Involution2D


def saved_before(module):
    """Return the layer as an earlier version wrote it to a `.keras` file."""
    keras_object = {"module": "keras.initializers", "registered_name": None}
    return {
        "module": module,
        "class_name": "Involution2D",
        "config": {
            "name": "involution2d",
            "trainable": True,
            "dtype": {
                "module": "keras",
                "class_name": "DTypePolicy",
                "config": {"name": "float32"},
                "registered_name": None,
            },
            "kernel_size": [3, 3],
            "strides": [2, 2],
            "padding": 1,
            "dilation_rate": [1, 1],
            "groups": 2,
            "reduction_ratio": 4,
            "kernel_generator": None,
            "implementation": "auto",
            "data_format": "channels_last",
            "activation": "linear",
            "kernel_initializer": {
                **keras_object,
                "class_name": "GlorotUniform",
                "config": {"seed": None},
            },
            "bias_initializer": {**keras_object, "class_name": "Zeros", "config": {}},
            "kernel_regularizer": None,
            "bias_regularizer": None,
            "kernel_constraint": None,
            "bias_constraint": None,
        },
        "registered_name": "involution>Involution2D",
        "build_config": {"input_shape": [None, 8, 8, 4]},
    }


def test_config_makes_the_same_layer():
    layer = Involution2D(
        (3, 5),
        strides=(2, 1),
        padding=1,
        dilation_rate=2,
        groups=2,
        reduction_ratio=2,
        implementation="patches",
        data_format="channels_first",
        kernel_initializer="he_normal",
        bias_initializer="ones",
        kernel_regularizer="l2",
        bias_regularizer="l1",
        activation="relu",
        kernel_constraint="max_norm",
        bias_constraint="non_neg",
        name="spatial",
    )
    again = Involution2D.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert again.name == "spatial"
    assert isinstance(again.kernel_regularizer, keras.regularizers.L2)


@pytest.mark.parametrize("own_generator", [True, False])
def test_a_saved_model_is_loaded_whole(tmp_path, own_generator):
    generator = None if own_generator else keras.layers.Conv2D(9, 1, kernel_initializer="normal")
    model = keras.Sequential(
        [keras.Input((None, None, 4)), Involution2D(3, strides=2, kernel_generator=generator)]
    )
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    images = np.random.default_rng(0).normal(size=(2, 6, 7, 4)).astype("float32")
    np.testing.assert_array_equal(
        again.predict(images, verbose=0), model.predict(images, verbose=0)
    )
    assert type(again.layers[0].kernel_generator) is type(model.layers[0].kernel_generator)


@pytest.mark.parametrize("module", ["involution.layers", "involution.layers.involution2d"])
def test_a_layer_is_loaded_from_a_file_saved_before(module):
    layer = keras.saving.deserialize_keras_object(saved_before(module))
    assert type(layer) is Involution2D
    config = layer.get_config()
    saved = saved_before(module)["config"]
    plain = ["padding", "groups", "reduction_ratio", "kernel_generator", "implementation"]
    assert [config[key] for key in plain] == [saved[key] for key in plain]
    assert (layer.kernel_size, layer.strides, layer.dilation_rate) == ((3, 3), (2, 2), (1, 1))
    assert set(config) == set(saved)


def test_the_weights_are_in_the_order_in_which_files_have_them():
    """First convolution; scale, shift, mean and variance; second convolution and its bias."""
    layer = keras.saving.deserialize_keras_object(saved_before("involution.layers"))
    names = [weight.path.split("/", 1)[1] for weight in layer.weights]
    assert [re.sub(r"_\d+", "", name) for name in names] == [
        "kernel_generator/pointwise_conv2d/kernel",
        "kernel_generator/batch_normalization/gamma",
        "kernel_generator/batch_normalization/beta",
        "kernel_generator/batch_normalization/moving_mean",
        "kernel_generator/batch_normalization/moving_variance",
        "kernel_generator/pointwise_conv2d/kernel",
        "kernel_generator/pointwise_conv2d/bias",
    ]
    shapes = [(1, 1, 4, 1), (1,), (1,), (1,), (1,), (1, 1, 1, 18), (18,)]
    assert [weight.shape for weight in layer.weights] == shapes
