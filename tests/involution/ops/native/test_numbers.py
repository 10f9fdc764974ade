"""Numbers of 16 bits: widened and rounded as TensorFlow does, each of them."""

import numpy as np
import pytest
import tensorflow as tf

from involution import involve

DTYPES = ["float16", "bfloat16"]


def products(inputs, factors, channels):
    """Return each input times its factor, computed by the kernels with kernel size 1.

    Results are rounded channel by channel, one by one where there is one, and many at a time.
    """
    inputs = tf.reshape(inputs, (1, 1, -1, channels))
    factors = tf.reshape(factors, (1, 1, -1, 1, 1, channels))
    return tf.reshape(involve(inputs, factors, implementation="native"), (-1,))


def exact(tensor):
    return tf.cast(tensor, "float32").numpy()


def all_numbers(dtype):
    return tf.bitcast(tf.constant(np.arange(2**16, dtype="uint16")), dtype)


def not_subnormal(numbers):
    """Return which numbers of float32 a processor never flushes to zero."""
    return ~((np.abs(numbers) < np.finfo("float32").tiny) & (numbers != 0))


@pytest.mark.parametrize("channels", [1, 256])
@pytest.mark.parametrize("dtype", DTYPES)
def test_each_number_times_one_is_itself(dtype, channels):
    numbers = all_numbers(dtype)
    found, expected = exact(products(numbers, tf.ones_like(numbers), channels)), exact(numbers)
    kept = not_subnormal(expected)
    assert kept.sum() >= 2**16 - 2**8
    np.testing.assert_array_equal(found[kept], expected[kept])


@pytest.mark.parametrize("channels", [1, 256])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("factor", [1.0009765625, -0.333, 1e-3, 3e-8, 257.0, 60000.0])
def test_products_are_rounded_once(dtype, factor, channels):
    """To the nearest number, to subnormal numbers, to infinity: as TensorFlow rounds float32."""
    numbers = all_numbers(dtype)
    factors = tf.fill(numbers.shape, tf.cast(factor, dtype))
    product = tf.cast(numbers, "float32") * tf.cast(factors, "float32")
    kept = not_subnormal(product.numpy())
    found, expected = exact(products(numbers, factors, channels)), exact(tf.cast(product, dtype))
    assert kept.sum() > 2**15
    np.testing.assert_array_equal(found[kept], expected[kept])
