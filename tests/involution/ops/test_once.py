"""Barriers against XLA's fusion and constant folding."""

import numpy as np
import pytest
import tensorflow as tf

from involution.ops.once import computed_once, unknown_zero


@pytest.mark.parametrize("first", [0.0, -3.5, 1e38, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_a_tensor_computed_once_keeps_its_numbers(first, dtype):
    tensor = tf.cast([[first, 1.0], [np.nan, -0.0]], dtype)
    held = tf.function(computed_once, jit_compile=True)(tensor)
    assert held.dtype == tensor.dtype
    np.testing.assert_array_equal(tf.cast(held, "float64"), tf.cast(tensor, "float64"))


def test_an_unknown_zero_is_zero_and_no_constant():
    tensor = tf.constant([[3.0, np.inf], [np.nan, 1.0]])
    compiled = tf.function(unknown_zero, jit_compile=True)
    assert int(compiled(tensor)) == 0
    program = compiled.experimental_get_compiler_ir(tensor)(stage="optimized_hlo")
    assert "compare" in program  # what a constant would not need
