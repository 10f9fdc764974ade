"""Kernel maps against the layer's own kernels."""

import re

import keras
import numpy as np
import pytest

from involution import Involution2D
from involution.models import kernel_maps


def test_maps_are_the_sums_of_the_kernels_at_each_position():
    inputs = keras.Input((8, 8, 4))
    first = Involution2D(3, groups=2, name="first", implementation="patches")
    second = Involution2D(3, strides=2, name="second", implementation="patches")
    model = keras.Model(inputs, second(keras.layers.ReLU()(first(inputs))))
    images = np.random.default_rng(0).random((3, 8, 8, 4), dtype=np.float32)
    maps = kernel_maps(model, images)
    assert {name: values.shape for name, values in maps.items()} == {
        "first": (3, 8, 8),
        "second": (3, 4, 4),
    }
    outputs, kernels = first(images, return_kernels=True)
    np.testing.assert_allclose(maps["first"], np.asarray(kernels).sum((3, 4, 5)), rtol=1e-5)
    _, kernels = second(keras.ops.relu(outputs), return_kernels=True)
    np.testing.assert_allclose(
        maps["second"], np.asarray(kernels).sum((3, 4, 5)), rtol=1e-5, atol=1e-6
    )


def test_a_model_without_involution_has_none():
    model = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(2, 3)])
    assert kernel_maps(model, np.zeros((1, 8, 8, 3), np.float32)) == {}


@pytest.mark.parametrize(
    ("images", "received"),
    [
        (np.zeros((1, 8, 8, 3), np.uint8), "uint8, shape=(1, 8, 8, 3)"),
        (np.zeros((8, 8, 3), np.float32), "float32, shape=(8, 8, 3)"),
    ],
)
def test_images_are_floats_of_four_dimensions(images, received):
    model = keras.Sequential([keras.Input((8, 8, 3)), Involution2D(3)])
    with pytest.raises(ValueError, match=f"Received: {re.escape(received)}"):
        kernel_maps(model, images)


def test_a_model_must_be_built():
    model = keras.Sequential([Involution2D(3)], name="unbuilt")
    with pytest.raises(ValueError, match=r"must be built\. Received: unbuilt"):
        kernel_maps(model, np.zeros((1, 8, 8, 3), np.float32))
