"""Every implementation of `involve` against plain loops."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from involution import involve
from involution.ops import IMPLEMENTATIONS
from tests.involution import loop

TOLERANCES = {"float64": 1e-12, "float32": 1e-5, "float16": 2e-2, "bfloat16": 1.5e-1}


def pytest_generate_tests(metafunc):
    """Give each test that names an implementation all that suit it."""
    if "implementation" in metafunc.fixturenames:
        metafunc.parametrize("implementation", IMPLEMENTATIONS)
    if "any_size" in metafunc.fixturenames:  # "fused" needs sizes that are known
        metafunc.parametrize("any_size", ["patches", "auto"])


@st.composite
def problems(draw):
    """Return (inputs, kernels, geometry) that fit together."""
    sides = st.integers(1, 9)
    twos = st.tuples(st.integers(1, 3), st.integers(1, 3))
    kernel_size = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    strides, dilation_rate, sizes = draw(twos), draw(twos), draw(st.tuples(sides, sides))
    padding = draw(st.sampled_from(["same", "same", "valid", 0, 1, 2, 3]))
    windows = [
        loop.borders(*line)[2]
        for line in zip(sizes, kernel_size, strides, (padding,) * 2, dilation_rate, strict=True)
    ]
    if min(windows) < 1:
        padding, windows = (
            "same",
            [-(-size // stride) for size, stride in zip(sizes, strides, strict=True)],
        )
    groups, width, batch = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 2))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    inputs = random.normal(size=(batch, *sizes, groups * width))
    kernels = random.normal(size=(batch, *windows, *kernel_size, groups))
    geometry = {"strides": strides, "padding": padding, "dilation_rate": dilation_rate}
    return inputs, kernels, geometry


@settings(max_examples=30, deadline=None)
@given(problem=problems(), dtype=st.sampled_from(list(TOLERANCES)))
def test_outputs_and_gradients_equal_the_loop(implementation, problem, dtype):
    inputs, kernels = (tf.cast(array, dtype) for array in problem[:2])
    geometry = problem[2]
    expected = loop.involve(*rounded(inputs, kernels), **geometry)
    weights = tf.cast(np.random.default_rng(0).normal(size=expected.shape), dtype)
    with tf.GradientTape() as tape:
        tape.watch([inputs, kernels])
        outputs = involve(inputs, kernels, **geometry, implementation=implementation)
    gradients = tape.gradient(outputs, [inputs, kernels], weights)
    assert outputs.dtype == dtype
    assert_close(outputs, expected, dtype)
    expected = loop.involve(
        *rounded(inputs, kernels), **geometry, output_gradients=rounded(weights)[0]
    )
    for gradient, truth in zip(gradients, expected, strict=True):
        assert_close(gradient, truth, dtype)


@settings(max_examples=20, deadline=None)
@given(problem=problems())
def test_unknown_sizes_give_the_same_as_known_ones(any_size, problem):
    inputs, kernels, geometry = problem
    unknown = tf.function(
        lambda inputs, kernels: involve(inputs, kernels, **geometry, implementation=any_size),
        input_signature=[
            tf.TensorSpec((None, None, None, inputs.shape[3]), "float64"),
            tf.TensorSpec((None, None, None, *kernels.shape[3:]), "float64"),
        ],
    )
    expected = loop.involve(inputs, kernels, **geometry)
    assert_close(unknown(inputs, kernels), expected, "float64")


def test_groups_are_contiguous_channels(implementation):
    inputs = tf.ones((1, 1, 1, 6))
    kernels = tf.reshape(tf.constant([1.0, 2.0, 3.0]), (1, 1, 1, 1, 1, 3))
    outputs = involve(inputs, kernels, implementation=implementation)
    np.testing.assert_array_equal(outputs[0, 0, 0], [1, 1, 2, 2, 3, 3])


def test_same_padding_and_constant_kernels_equal_a_depthwise_convolution(implementation):
    random = np.random.default_rng(0)
    inputs = random.normal(size=(2, 11, 8, 6)).astype("float32")
    kernel = random.normal(size=(3, 3)).astype("float32")
    kernels = np.broadcast_to(kernel[:, :, None], (2, 6, 4, 3, 3, 1))
    expected = tf.nn.depthwise_conv2d(
        inputs, np.broadcast_to(kernel[:, :, None, None], (3, 3, 6, 1)), (1, 2, 2, 1), "SAME"
    )
    outputs = involve(inputs, kernels, strides=2, implementation=implementation)
    np.testing.assert_allclose(outputs, expected, rtol=1e-5, atol=1e-5)


def test_an_empty_batch_gives_an_empty_batch(implementation):
    outputs = involve(
        tf.zeros((0, 4, 4, 2)), tf.zeros((0, 4, 4, 3, 3, 1)), implementation=implementation
    )
    assert outputs.shape == (0, 4, 4, 2)


@pytest.mark.parametrize("batches", [(2, 1), (1, 2)])
def test_batches_that_differ_are_refused_at_the_call(implementation, batches):
    shapes = [(None, 4, 4, 2), (None, 4, 4, 3, 3, 1)]
    function = tf.function(
        lambda x, k: involve(x, k, implementation=implementation),
        input_signature=[tf.TensorSpec(shape) for shape in shapes],
    )
    tensors = [tf.zeros((batch, *shape[1:])) for batch, shape in zip(batches, shapes, strict=True)]
    with pytest.raises(tf.errors.InvalidArgumentError, match="must have the same batch"):
        function(*tensors)


BAD = {
    "groups must divide channels. Received: groups=5, channels=64": {"kernels": (1, 8, 8, 3, 3, 5)},
    r"expected \(batch, out_height, out_width\)=\(1, 8, 8\)": {"kernels": (1, 7, 8, 3, 3, 4)},
    r"out_width\)=\(1, 4, 4\)": {"strides": 2},
    "kernel size must be 1 or more. Received": {"kernels": (1, 8, 8, 0, 3, 4)},
    "at least one window": {"kernels": (1, 1, 1, 9, 9, 1), "padding": "valid"},
    r"must be \(batch, height, width, channels\)": {"inputs": (8, 8, 64)},
    "Received: strides=0": {"strides": 0},
    r"Received: dilation_rate=\(1, -1\)": {"dilation_rate": (1, -1)},
    "Received: padding='full'": {"padding": "full"},
}


@pytest.mark.parametrize("message", BAD)
def test_bad_input_is_refused_with_what_came(implementation, message):
    arguments = {"inputs": (1, 8, 8, 64), "kernels": (1, 8, 8, 3, 3, 4), **BAD[message]}
    tensors = {name: tf.zeros(arguments.pop(name)) for name in ("inputs", "kernels")}
    with pytest.raises(ValueError, match=message):
        involve(**tensors, **arguments, implementation=implementation)


def test_dtypes_must_be_floating_and_equal(implementation):
    kernels = tf.zeros((1, 4, 4, 3, 3, 1))
    for dtype in ("float16", "int32"):
        with pytest.raises(ValueError, match=f"Received: inputs.dtype={dtype}"):
            involve(tf.zeros((1, 4, 4, 2), dtype), kernels, implementation=implementation)


def test_unknown_implementations_are_refused(implementation):
    message = f"'auto'.*'{implementation}'.*Received: implementation='fast'"
    with pytest.raises(ValueError, match=message):
        involve(tf.zeros((1, 4, 4, 2)), tf.zeros((1, 4, 4, 3, 3, 1)), implementation="fast")


def rounded(*tensors):
    return [tf.cast(tensor, "float64").numpy() for tensor in tensors]


def assert_close(tensor, truth, dtype):
    scale = max(1.0, float(np.max(np.abs(truth), initial=0)))
    np.testing.assert_allclose(*rounded(tensor), truth, atol=TOLERANCES[dtype] * scale, rtol=0)
