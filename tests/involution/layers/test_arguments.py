"""What Involution2D refuses."""

import keras
import numpy as np
import pytest

from involution import Involution2D

BAD_ARGUMENTS = {
    "kernel_size": [4, 0, -3, (3, 2), 3.0],
    "strides": [0, "2"],
    "padding": ["full", -1],
    "dilation_rate": [0],
    "groups": [0, (2, 2)],
    "reduction_ratio": [0],
    "implementation": ["fast"],
    "data_format": ["NHWC", ""],
    "kernel_generator": [lambda x: x],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in BAD_ARGUMENTS.items() for value in values]
)
def test_bad_arguments_are_refused_with_what_came(name, value):
    with pytest.raises(ValueError, match="Received: "):
        Involution2D(**{name: value})


def test_channels_must_divide_and_be_known():
    with pytest.raises(ValueError, match="Received: groups=5, channels=64"):
        Involution2D(groups=5).build((None, 8, 8, 64))
    with pytest.raises(ValueError, match="channels must be known"):
        Involution2D().build((None, 8, 8, None))
    with pytest.raises(ValueError, match="four dimensions"):
        Involution2D().build((None, 8, 64))


def test_a_built_layer_refuses_other_channels():
    layer = Involution2D(3)
    layer.build((None, None, None, 4))
    with pytest.raises(ValueError, match="incompatible"):
        layer(np.ones((1, 4, 4, 8), "float32"))


def test_a_generator_must_return_a_kernel_for_each_position():
    with pytest.raises(ValueError, match=r"\(None, 8, 8, 9\). Received: \(None, 8, 8, 10\)"):
        Involution2D(3, kernel_generator=keras.layers.Conv2D(10, 1)).build((None, 8, 8, 4))
    with pytest.raises(ValueError, match=r"Received: \(None, 6, 6, 9\)"):
        Involution2D(3, kernel_generator=keras.layers.Conv2D(9, 3)).build((None, 8, 8, 4))


def test_the_kernel_size_alone_is_positional():
    with pytest.raises(TypeError, match="positional"):
        Involution2D(3, 2)
