"""Nothing of the size of the kernels is allocated."""

import re

import numpy as np
import pytest
import tensorflow as tf

from tests.involution.ops.native.tensors import layer_pair

SHAPE = (2, 32, 32, 16)
GROUPS, TAPS = 4, 49
KERNEL_BYTES = 2 * 32 * 32 * TAPS * GROUPS * 4


def step(layer, inputs, *, training):
    if not training:
        return layer(inputs, training=False)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        loss = tf.reduce_sum(layer(inputs, training=True) ** 2)
    return tape.gradient(loss, [inputs, *(v.value for v in layer.trainable_variables)])


@pytest.fixture(scope="module")
def layers():
    return dict(
        zip(
            ("native", "patches"),
            layer_pair(SHAPE, kernel_size=7, groups=GROUPS, reduction_ratio=4),
            strict=True,
        )
    )


def peak(layer, training):
    inputs = tf.random.stateless_normal(SHAPE, (0, 0))
    function = tf.function(lambda inputs: step(layer, inputs, training=training))
    function(inputs)
    tf.config.experimental.reset_memory_stats("CPU:0")
    before = tf.config.experimental.get_memory_info("CPU:0")["current"]
    function(inputs)
    return tf.config.experimental.get_memory_info("CPU:0")["peak"] - before


@pytest.mark.parametrize("training", [False, True])
def test_the_peak_is_far_below_the_kernels(layers, training):
    assert peak(layers["patches"], training) > KERNEL_BYTES  # what the measure must be able to see
    assert peak(layers["native"], training) < KERNEL_BYTES / 2


def largest_tensor(layer, training):
    """Return the bytes of the largest tensor of the compiled program."""
    inputs = tf.zeros(SHAPE)
    function = tf.function(lambda inputs: step(layer, inputs, training=training), jit_compile=True)
    program = function.experimental_get_compiler_ir(inputs)(stage="optimized_hlo")
    sizes = re.findall(r"f32\[([\d,]+)\]", program)
    return max(4 * int(np.prod([int(size) for size in shape.split(",")])) for shape in sizes)


@pytest.mark.parametrize("training", [False, True])
def test_no_tensor_of_a_compiled_program_is_as_large_as_the_kernels(layers, training):
    assert largest_tensor(layers["patches"], training) >= KERNEL_BYTES
    assert largest_tensor(layers["native"], training) <= 4 * np.prod(SHAPE)
