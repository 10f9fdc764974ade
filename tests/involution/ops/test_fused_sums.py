"""Each way in which `fused` sums its taps, against plain loops."""

import numpy as np
import pytest
import tensorflow as tf

from involution import involve
from involution.ops.fused.compiled import MAX_TAPS
from involution.ops.fused.kernels import MAX_CHANNELS, MIN_GROUPS_IN_ORDER
from tests.involution import loop
from tests.involution.problem import problem


@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize(("size", "kernel_size"), [(6, 3), (6, 5), (24, 3)])
def test_nothing_is_read_from_neighbouring_images(size, kernel_size, strides):
    inputs, kernels = problem(batch=3, size=size, kernel_size=kernel_size)
    kernels = kernels[:, ::strides, ::strides]

    def outputs_and_gradients(inputs, kernels, implementation):
        with tf.GradientTape() as tape:
            tape.watch([inputs, kernels])
            outputs = involve(inputs, kernels, strides=strides, implementation=implementation)
        return outputs, *tape.gradient(outputs, [inputs, kernels], tf.cos(outputs))

    alone = outputs_and_gradients(inputs[1:2], kernels[1:2], "patches")
    factors = tf.constant([np.nan, 1, np.inf], tf.float32)
    among = outputs_and_gradients(
        inputs * tf.reshape(factors, (3, 1, 1, 1)),
        kernels * tf.reshape(factors, (3, 1, 1, 1, 1, 1)),
        "fused",
    )
    for result, expected in zip(among, alone, strict=True):
        np.testing.assert_allclose(result[1:2], expected, rtol=1e-4, atol=1e-4)


def test_large_kernels_are_summed_in_parts():
    kernel_size, strides = 13, 2
    inputs, kernels = problem(batch=1, size=5, kernel_size=kernel_size, dtype="float64")
    kernels = kernels[:, ::strides, ::strides]
    geometry = {"strides": (strides, strides)}
    assert kernel_size**2 > MAX_TAPS
    with tf.GradientTape() as tape:
        tape.watch([inputs, kernels])
        outputs = involve(inputs, kernels, **geometry, implementation="fused")
    np.testing.assert_allclose(outputs, loop.involve(inputs, kernels, **geometry), atol=1e-10)
    weights = tf.cos(outputs)
    gradients = tape.gradient(outputs, [inputs, kernels], weights)
    for gradient, expected in zip(
        gradients,
        loop.involve(inputs, kernels, **geometry, output_gradients=weights),
        strict=True,
    ):
        np.testing.assert_allclose(gradient, expected, atol=1e-10)


@pytest.mark.parametrize(
    ("channels", "groups", "strides", "dilation_rate"),
    [
        (MAX_CHANNELS + 1, 1, (1, 2), (2, 1)),
        (4 * MAX_CHANNELS, 2, (1, 1), (1, 1)),
        (2 * MIN_GROUPS_IN_ORDER, MIN_GROUPS_IN_ORDER, (3, 2), (1, 3)),
    ],
)
def test_kernels_gradient_in_every_way(channels, groups, strides, dilation_rate):
    inputs, kernels = problem(
        size=9, channels=channels, kernel_size=5, groups=groups, dtype="float64"
    )
    kernels = kernels[:, :: strides[0], :: strides[1]]
    geometry = {"strides": strides, "dilation_rate": dilation_rate}
    with tf.GradientTape() as tape:
        tape.watch(kernels)
        outputs = involve(inputs, kernels, **geometry, implementation="fused")
    weights = tf.cos(outputs)
    gradient = tape.gradient(outputs, kernels, weights)
    _, expected = loop.involve(inputs, kernels, **geometry, output_gradients=weights)
    np.testing.assert_allclose(gradient, expected, atol=1e-10)


def test_sixteen_bit_sums_are_taken_in_32_bits():
    """A sum of 121 ones in bfloat16, whose precision ends at 256, would not come out."""
    inputs, kernels = tf.ones((1, 11, 11, 1), "bfloat16"), tf.ones((1, 1, 1, 11, 11, 1), "bfloat16")
    outputs = involve(inputs * 3, kernels, padding="valid", implementation="fused")
    assert float(outputs[0, 0, 0, 0]) == float(tf.cast(363.0, "bfloat16"))


def test_parts_of_sixteen_bit_sums_are_added_in_32_bits():
    """The parts of the rows, 512 + 1 and -512, lose the one where they are rounded first."""
    kernels = np.zeros((1, 1, 1, 13, 13, 1), "float32")
    kernels[0, 0, 0, 0, :2, 0] = 512, 1
    kernels[0, 0, 0, -1, 0, 0] = -512
    assert MAX_TAPS < 13**2
    outputs = involve(
        tf.ones((1, 13, 13, 1), "bfloat16"),
        tf.cast(kernels, "bfloat16"),
        padding="valid",
        implementation="fused",
    )
    assert float(outputs[0, 0, 0, 0]) == 1
