"""Sums with kernels given, by native kernels, against plain loops."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from involution import involve
from tests.involution import loop

TOLERANCES = {"float64": 1e-12, "float32": 1e-5, "float16": 2e-2, "bfloat16": 1.5e-1}
# Vectors have 2 to 16 lanes; groups of 4, 8, 16, 32 and 64 channels fill whole ones.
WIDTHS = st.sampled_from([1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 40, 64, 75, 80])
GROUPS = st.sampled_from([1, 2, 3, 4, 5, 8, 16, 17])
MOST_CHANNELS = 96


@st.composite
def problems(draw):
    """Return (inputs, kernels, geometry) that fit together; images may be smaller than windows."""
    pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))
    sizes = draw(st.tuples(st.integers(1, 6), st.integers(1, 6)))
    kernel_size = draw(st.tuples(st.integers(1, 5), st.integers(1, 3)))
    strides = draw(pairs)
    dilation_rate = draw(st.one_of(pairs, st.just((1000, 2**20))))
    padding = draw(st.sampled_from(["same", 1, 4]))
    lines = zip(sizes, kernel_size, strides, (padding,) * 2, dilation_rate, strict=True)
    windows = [loop.borders(*line)[2] for line in lines]
    if min(windows) < 1:
        padding = "same"
        windows = [-(-size // stride) for size, stride in zip(sizes, strides, strict=True)]
    groups = draw(GROUPS)
    channels = groups * draw(WIDTHS.filter(lambda width: groups * width <= MOST_CHANNELS))
    batch = draw(st.integers(0, 3))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    inputs = random.normal(size=(batch, *sizes, channels))
    kernels = random.normal(size=(batch, *windows, *kernel_size, groups))
    return (
        inputs,
        kernels,
        {
            "strides": strides,
            "padding": padding,
            "dilation_rate": dilation_rate,
        },
    )


def results(inputs, kernels, geometry, implementation, weights):
    """Return outputs and both gradients."""
    with tf.GradientTape() as tape:
        tape.watch([inputs, kernels])
        outputs = involve(inputs, kernels, **geometry, implementation=implementation)
    return [outputs, *tape.gradient(outputs, [inputs, kernels], weights)]


@settings(max_examples=40)
@given(problem=problems(), dtype=st.sampled_from(list(TOLERANCES)))
def test_outputs_and_gradients_equal_the_loop(problem, dtype):
    *arrays, geometry = problem
    inputs, kernels = (tf.cast(array, dtype) for array in arrays)
    exact = [tf.cast(tensor, "float64").numpy() for tensor in (inputs, kernels)]
    # Where all taps but the middle one are outside the image, it does not matter how far; a loop
    # cannot pad by a million pixels.
    near = {**geometry, "dilation_rate": [min(rate, 100) for rate in geometry["dilation_rate"]]}
    expected = [loop.involve(*exact, **near)]
    weights = tf.cast(np.random.default_rng(0).normal(size=expected[0].shape), dtype)
    expected += loop.involve(*exact, **near, output_gradients=tf.cast(weights, "float64"))
    found = results(inputs, kernels, geometry, "native", weights)
    for tensor, truth in zip(found, expected, strict=True):
        assert tensor.dtype == dtype
        scale = max(1.0, float(np.max(np.abs(truth), initial=0)))
        close = TOLERANCES[dtype] * scale
        np.testing.assert_allclose(tf.cast(tensor, "float64"), truth, atol=close, rtol=0)


def test_a_dilation_too_large_to_count_is_refused():
    inputs, kernels = tf.zeros((1, 4, 4, 2)), tf.zeros((1, 4, 4, 3, 3, 1))
    with pytest.raises(tf.errors.InvalidArgumentError, match="expected kernel size, strides and "):
        involve(inputs, kernels, dilation_rate=2**40, implementation="native")


def test_an_empty_batch_has_gradients():
    inputs, kernels = tf.zeros((0, 4, 4, 2)), tf.zeros((0, 4, 4, 3, 3, 1))
    geometry = {"strides": 1}
    found = results(inputs, kernels, geometry, "native", tf.zeros((0, 4, 4, 2)))
    assert [tuple(tensor.shape) for tensor in found] == [
        tuple(tensor.shape) for tensor in (inputs, inputs, kernels)
    ]
