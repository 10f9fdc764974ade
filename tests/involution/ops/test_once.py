"""What is computed once, and where that is needed."""

import numpy as np
import pytest
import tensorflow as tf

from involution.ops.once import compiled_with_others, computed_once


@pytest.mark.parametrize("first", [0.0, -3.5, 1e38, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_a_tensor_computed_once_keeps_its_numbers(first, dtype):
    tensor = tf.cast([[first, 1.0], [np.nan, -0.0]], dtype)
    held = tf.function(computed_once, jit_compile=True)(tensor)
    assert held.dtype == tensor.dtype
    np.testing.assert_array_equal(tf.cast(held, "float64"), tf.cast(tensor, "float64"))


def test_what_is_compiled_with_others_is_known():
    def known():
        return tf.constant(compiled_with_others())

    assert not compiled_with_others()
    assert not tf.function(known)()
    assert tf.function(known, jit_compile=True)()
    assert tf.function(lambda: tf.function(known)(), jit_compile=True)()
