"""NaN and infinity reach what depends on them, and nothing else."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from involution import involve
from involution.ops import involve_generated, native
from involution.ops.native.call import call
from involution.ops.types import Generator, Windows

SPECIAL = [np.nan, np.inf, -np.inf]
DTYPES = ["float32", "float64", "bfloat16", "float16"]
# Channels that fill vectors, and that do not.
CHANNELS = [(2, 8), (3, 9), (2, 34), (32, 32), (1, 37), (2, 80)]
SIZE = 5


def random_tensors(groups, channels):
    random = np.random.default_rng(0)
    inputs = random.uniform(1, 2, (2, SIZE, SIZE, channels))
    kernels = random.uniform(1, 2, (2, SIZE, SIZE, 3, 3, groups))
    return inputs, kernels, random.uniform(1, 2, inputs.shape)


def results(inputs, kernels, upstream, dtype):
    inputs, kernels, upstream = (tf.cast(array, dtype) for array in (inputs, kernels, upstream))
    with tf.GradientTape() as tape:
        tape.watch([inputs, kernels])
        outputs = involve(inputs, kernels, implementation="native")
    found = [outputs, *tape.gradient(outputs, [inputs, kernels], upstream)]
    return [tf.cast(tensor, "float64").numpy() for tensor in found]


@pytest.mark.parametrize("number", SPECIAL)
@pytest.mark.parametrize(("groups", "channels"), CHANNELS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_number_reaches_what_depends_on_it(dtype, groups, channels, number):
    """A corner's, an inner and a border's pixel, kernel number and upstream gradient each."""
    clean = random_tensors(groups, channels)
    usual = results(*clean, dtype)
    places = [(0, 0, 0), (1, 2, 2), (0, 4, 2)]
    for place, spoiled in itertools.product(places, range(3)):
        arrays = [array.copy() for array in clean]
        last = (1, 1) if spoiled == 1 else ()
        index = (*place, *last, -1)
        arrays[spoiled][index] = number
        found = results(*arrays, dtype)
        for tensor, truth, before in zip(found, inside_the_image(*arrays), usual, strict=True):
            np.testing.assert_array_equal(np.isnan(tensor), np.isnan(truth))
            np.testing.assert_array_equal(np.isinf(tensor), np.isinf(truth))
            finite = np.isfinite(truth)
            np.testing.assert_array_equal(tensor[finite], before[finite])


def inside_the_image(inputs, kernels, upstream):
    """Return outputs and both gradients of products with pixels inside the image alone.

    Padding takes no part: zero times infinity, NaN, is no result of a border.
    """
    outputs, by_inputs, by_kernels = (np.zeros_like(a) for a in (inputs, inputs, kernels))
    groups = kernels.shape[-1]
    spread = np.repeat(kernels, inputs.shape[-1] // groups, axis=-1)
    with np.errstate(invalid="ignore"):
        for h, w, i, j in np.ndindex(SIZE, SIZE, 3, 3):
            y, x = h + i - 1, w + j - 1
            if not (0 <= y < SIZE and 0 <= x < SIZE):
                continue
            outputs[:, h, w] += spread[:, h, w, i, j] * inputs[:, y, x]
            by_inputs[:, y, x] += spread[:, h, w, i, j] * upstream[:, h, w]
            products = inputs[:, y, x] * upstream[:, h, w]
            by_kernels[:, h, w, i, j] = products.reshape(len(inputs), groups, -1).sum(-1)
    return outputs, by_inputs, by_kernels


@pytest.mark.parametrize("number", SPECIAL)
@pytest.mark.parametrize("spoiled", ["inputs", "features", "upstream"])
@pytest.mark.parametrize(("groups", "channels"), CHANNELS)
def test_in_the_generated_form_one_window_spoils_no_other(groups, channels, spoiled, number):
    random = np.random.default_rng(0)
    windows = Windows((3, 3), (1, 1), "same", (1, 1), groups)
    arrays = {
        "inputs": random.uniform(1, 2, (2, SIZE, SIZE, channels)),
        "features": random.uniform(1, 2, (2, SIZE, SIZE, 3)),
        "weights": random.uniform(1, 2, (3, 9 * groups)),
        "bias": random.uniform(1, 2, 9 * groups),
        "upstream": random.uniform(1, 2, (2, SIZE, SIZE, channels)),
    }

    def by_window(**arrays):
        inputs, features, weights, bias, upstream = (
            tf.constant(array, "float32") for array in arrays.values()
        )
        with tf.GradientTape() as tape:
            tape.watch([inputs, features])
            outputs = involve_generated(inputs, Generator(features, weights, bias), windows)
        return [t.numpy() for t in (outputs, *tape.gradient(outputs, [inputs, features], upstream))]

    usual = by_window(**arrays)
    changed = {name: array.copy() for name, array in arrays.items()}
    changed[spoiled][1, 2, 2, -1] = number
    found = by_window(**changed)
    near = np.zeros((2, SIZE, SIZE), bool)
    near[1, 1:4, 1:4] = True
    for tensor, before in zip(found, usual, strict=True):
        np.testing.assert_array_equal(tensor[~near], before[~near])
    assert not all(np.isfinite(tensor[near]).all() for tensor in found)


@pytest.mark.parametrize("dtype", DTYPES)
def test_relu_as_an_epilogue_is_tensorflows(dtype):
    windows = Windows((1, 1), (1, 1), "same", (1, 1), 1)
    numbers = tf.cast([np.nan, np.inf, -np.inf, -1.5, 0.0, -0.0, 2.5], dtype)
    inputs = tf.reshape(numbers, (1, 1, 7, 1))
    one, nothing = tf.ones((1, 1, 7, 1, 1, 1), dtype), tf.zeros(0, dtype)
    attributes = (("windows", native._attributes(windows)), ("activation", 1))
    tensors = [inputs, one, nothing, nothing]
    (outputs,) = call("involution_outputs", tensors, [(1, 1, 7, 1)], attributes)
    expected = tf.cast(tf.nn.relu(numbers), "float64")
    np.testing.assert_array_equal(tf.cast(outputs, "float64").numpy().ravel(), expected)
