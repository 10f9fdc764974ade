import keras
import numpy as np
import pytest

from bench.operators.attention import SelfAttention
from bench.operators.local_attention import LocalAttention
from tests.bench.attending import local

CHANCE = np.random.default_rng(4)
# (height, width), then the arguments of the layer. The last has no whole block of outputs.
GEOMETRIES = [
    ((9, 11), {"kernel_size": 3}),
    ((9, 11), {"kernel_size": (5, 1), "strides": (1, 2)}),
    ((13, 8), {"kernel_size": (3, 7), "strides": (3, 2), "dilation_rate": (2, 1)}),
    ((7, 6), {"kernel_size": 5, "dilation_rate": (1, 3)}),
    ((12, 12), {"kernel_size": 1, "strides": 5}),
    ((2, 3), {"kernel_size": 9}),
]


def arrays(layer):
    return [np.asarray(weight, "float64") for weight in layer.trainable_weights]


def two(value):
    return value if isinstance(value, tuple) else (value, value)


@pytest.mark.parametrize("groups", [1, 3])
@pytest.mark.parametrize(("sizes", "arguments"), GEOMETRIES, ids=str)
def test_it_equals_loops(sizes, arguments, groups):
    layer = LocalAttention(**arguments, groups=groups, dtype="float64")
    inputs = CHANCE.normal(size=(2, *sizes, 6))
    found = layer(inputs)
    geometry = {name: two(value) for name, value in arguments.items()}
    np.testing.assert_allclose(found, local(inputs, arrays(layer), groups, **geometry), atol=1e-12)
    assert layer.compute_output_shape(inputs.shape) == found.shape


def test_with_a_window_over_the_whole_map_it_is_keras_attention():
    inputs = CHANCE.normal(size=(2, 5, 4, 8))
    layer = LocalAttention((9, 7), groups=2, dtype="float64")
    everywhere = SelfAttention(groups=2, dtype="float64")
    found = layer(inputs)
    everywhere.build(inputs.shape)
    for weight, value in zip(
        everywhere.trainable_weights, [*layer.trainable_weights, np.eye(8)], strict=True
    ):
        weight.assign(np.reshape(value, weight.shape))
    np.testing.assert_allclose(found, everywhere(inputs), atol=1e-12)


def test_pixels_outside_have_no_weight():
    """A mean over nine zeros and ones would be smaller at the border."""
    layer = LocalAttention(5)
    np.testing.assert_allclose(
        layer(np.ones((1, 4, 4, 2), "float32")),
        np.broadcast_to(np.ones((1, 2)) @ arrays(layer)[2], (1, 4, 4, 2)),
        atol=1e-6,
    )


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_large_scores_stay_finite_in_16_bits(dtype):
    layer = LocalAttention(3, dtype=dtype)
    outputs = layer(keras.ops.full((1, 5, 5, 4), 30, dtype))
    assert np.isfinite(np.asarray(outputs, "float64")).all()


def test_any_batch():
    inputs = keras.Input((6, 6, 4))
    outputs = LocalAttention(3, strides=2)(inputs)
    assert outputs.shape == (None, 3, 3, 4)
    assert keras.Model(inputs, outputs)(np.ones((3, 6, 6, 4), "float32")).shape == (3, 3, 3, 4)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kernel_size": 4}, "`kernel_size` must be odd.* Received: kernel_size=4"),
        ({"kernel_size": 3, "strides": 0}, "`strides` must be .* Received: strides=0"),
        ({"kernel_size": 3, "dilation_rate": 0}, "`dilation_rate` must .* dilation_rate=0"),
        ({"kernel_size": 3, "groups": 0}, "`groups` must be .* Received: groups=0"),
        (
            {"kernel_size": 3, "groups": 3},
            "`groups` must divide `channels`. .*groups=3, channels=4",
        ),
    ],
    ids=str,
)
def test_bad_arguments_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        LocalAttention(**arguments).build((1, 8, 8, 4))
