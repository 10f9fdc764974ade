import keras
import numpy as np
from keras import layers

from bench.own.outputs import with_one_output


def test_a_single_output_stays():
    images = keras.Input((4, 4, 3))
    for model in (
        keras.Model(images, layers.ReLU()(images)),
        keras.Sequential([images, layers.ReLU()]),
    ):
        assert with_one_output(model) is model


def test_several_outputs_are_joined():
    images = keras.Input((4, 4, 3))
    heads = {"a": layers.Conv2D(2, 3)(images), "b": layers.Dense(5)(layers.Flatten()(images))}
    model = keras.Model(images, heads)
    joined = with_one_output(model)
    pixels = np.random.default_rng(0).normal(size=(2, 4, 4, 3)).astype("float32")
    expected = model(pixels)
    assert joined.output_shape == (None, 2 * 2 * 2 + 5)
    np.testing.assert_array_equal(
        joined(pixels), np.concatenate([np.reshape(expected["a"], (2, 8)), expected["b"]], axis=1)
    )
    assert set(model.layers) < set(joined.layers)


def test_a_list_of_one_output():
    images = keras.Input((4, 4, 3))
    model = with_one_output(keras.Model(images, [layers.ReLU()(images)]))
    assert model.output_shape == (None, 48)
