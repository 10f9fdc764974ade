"""Kernels generated in place against kernels that are stored."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from involution import Involution2D
from involution.layers import PointwiseConv2D
from involution.layers.generator import ends_in_convolution
from tests.involution import loop
from tests.involution.ops.native.tensors import layer_pair

# Relative to the largest number. Stored kernels are rounded to 16 bits, those in place are not.
TOLERANCES = {"float64": 1e-11, "float32": 1e-4, "mixed_bfloat16": 6e-2, "mixed_float16": 8e-3}

CASES = {
    "plain": {"kernel_size": 3},
    "many groups": {"kernel_size": 3, "groups": 8, "reduction_ratio": 2},
    "strides": {"kernel_size": 5, "strides": (2, 3), "groups": 2},
    "dilation": {"kernel_size": 3, "dilation_rate": (2, 5), "groups": 4},
    "valid": {"kernel_size": (5, 3), "padding": "valid", "groups": 16},
    "padding": {"kernel_size": (3, 7), "padding": 3, "strides": 2, "groups": 2},
    "rectangular": {"kernel_size": (1, 9), "groups": 4, "reduction_ratio": 1},
    "activation": {"kernel_size": 3, "groups": 2, "activation": "gelu"},
}
SHAPE = (2, 7, 9, 16)


def step(layer, inputs, *, training):
    """Return outputs, and the gradients of a loss by the inputs and all weights."""
    inputs = tf.constant(inputs)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(inputs, training=training)
        weights = np.random.default_rng(3).normal(size=outputs.shape)
        loss = tf.reduce_sum(tf.cast(outputs, tf.float64) * weights)
    sources = [inputs, *(variable.value for variable in layer.trainable_variables)]
    return [outputs, *tape.gradient(loss, sources)]


def assert_same(layers, inputs, policy, *, training):
    moving = [layer.get_weights() for layer in layers]
    found, expected = (step(layer, inputs, training=training) for layer in layers)
    assert len(found) == len(layers[0].trainable_variables) + 2
    for tensor, truth in zip(found, expected, strict=True):
        assert tensor.dtype == truth.dtype
        numbers, exact = (tf.cast(t, "float64").numpy() for t in (tensor, truth))
        close = TOLERANCES[policy] * max(float(np.max(np.abs(exact), initial=0)), 1e-3)
        np.testing.assert_allclose(numbers, exact, atol=close, rtol=0)
    changed = [layer.get_weights() for layer in layers]
    for before, after, reference in zip(moving[0], *changed, strict=True):
        np.testing.assert_allclose(after, reference, rtol=1e-2)
        if not training:
            np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("policy", TOLERANCES)
@pytest.mark.parametrize("case", CASES)
def test_outputs_and_all_gradients_equal_those_of_stored_kernels(case, policy):
    layers = layer_pair(SHAPE, **CASES[case], dtype=policy)
    inputs = np.random.default_rng(0).normal(size=SHAPE).astype(layers[0].compute_dtype)
    for training in (False, True):
        assert_same(layers, inputs, policy, training=training)


@settings(max_examples=15)
@given(
    sizes=st.tuples(st.integers(1, 3), st.integers(1, 8), st.integers(1, 8)),
    kernel_size=st.tuples(st.sampled_from([1, 3, 5]), st.sampled_from([1, 3, 7])),
    strides=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    dilation_rate=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    padding=st.sampled_from(["same", 0, 1, 3]),
    groups=st.sampled_from([1, 2, 3, 8, 17]),
    width=st.sampled_from([1, 2, 4, 5, 16]),
    reduction_ratio=st.sampled_from([1, 2, 64]),
)
def test_any_geometry_gives_what_stored_kernels_give(
    sizes, kernel_size, padding, groups, width, **geometry
):
    # Windows of the size of the kernel fit into an image with one pixel for each of its taps.
    least = 0 if padding == "same" else 18
    shape = (sizes[0], sizes[1] + least, sizes[2] + least, groups * width)
    layers = layer_pair(
        shape,
        kernel_size=kernel_size,
        padding=padding,
        groups=groups,
        **geometry,
        dtype="float64",
    )
    inputs = np.random.default_rng(0).normal(size=shape)
    assert_same(layers, inputs, "float64", training=False)


def test_channels_first_gives_the_same():
    layers = layer_pair((2, 16, 7, 9), kernel_size=3, groups=2, data_format="channels_first")
    inputs = np.random.default_rng(0).normal(size=(2, 16, 7, 9)).astype("float32")
    for training in (False, True):
        assert_same(layers, inputs, "float32", training=training)


def test_kernels_that_are_asked_for_give_the_same_outputs():
    layer, _ = layer_pair(SHAPE, kernel_size=3, groups=2)
    inputs = np.random.default_rng(0).normal(size=SHAPE).astype("float32")
    outputs, kernels = layer(inputs, return_kernels=True)
    assert kernels.shape == (2, 7, 9, 3, 3, 2)
    np.testing.assert_allclose(layer(inputs), outputs, rtol=1e-5, atol=1e-5)


def test_a_generator_of_ones_own_stores_its_kernels():
    layer = keras.layers.Conv2D(18, 1)
    layers = layer_pair(SHAPE, kernel_size=3, groups=2, kernel_generator=layer)
    inputs = np.random.default_rng(0).normal(size=SHAPE).astype("float32")
    np.testing.assert_allclose(*(layer(inputs) for layer in layers), rtol=1e-5, atol=1e-5)


def generator_of_a_user(*, last=None, **options):
    """A generator that the layer did not make: for kernel size 3 and 2 groups."""
    return keras.Sequential(
        [keras.layers.Conv2D(5, 1), last or PointwiseConv2D(18, **options)], name="generator"
    )


REFUSED = {
    "another layer": {"last": keras.layers.Conv2D(18, 1)},
    "an activation": {"activation": "tanh"},
    "no bias": {"use_bias": False},
    "a loss": {"activity_regularizer": "l2"},
    "another type": {"dtype": "float64"},
}


@pytest.mark.parametrize("options", [{}, *REFUSED.values()], ids=["in place", *REFUSED])
def test_a_generator_of_the_user_is_used_in_place_if_no_result_depends_on_it(options):
    generator = generator_of_a_user(**options)
    layer = Involution2D(3, groups=2, kernel_generator=generator, implementation="native")
    inputs = np.random.default_rng(0).normal(size=SHAPE).astype("float32")
    outputs, kernels = layer(inputs, return_kernels=True)
    assert ends_in_convolution(generator, dtype="float32") == (options == {})
    np.testing.assert_allclose(layer(inputs), outputs, rtol=0, atol=1e-5)
    np.testing.assert_allclose(
        outputs, loop.involve(inputs, kernels), rtol=0, atol=1e-4 * np.abs(outputs).max()
    )
