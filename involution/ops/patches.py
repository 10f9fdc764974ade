"""Involution as the Keras tutorial computes it: extract patches, multiply, sum.

Simple and general. It materialises every window of the input at once: kernel height times kernel
width times channels numbers per output position, and as many again for the gradient.
"""

import tensorflow as tf

from involution.ops.types import Problem, Tensor


def involve(problem: Problem) -> Tensor:
    """Compute involution from patches.

    Args:
        problem: inputs, kernels and geometry.

    Returns:
        (batch, out_height, out_width, channels).
    """
    kernels, channels = problem.kernels, problem.inputs.shape[-1]
    kernel_height, kernel_width, groups = kernels.shape[3:]
    patches = tf.image.extract_patches(
        tf.pad(problem.inputs, [(0, 0), *problem.borders, (0, 0)]),
        sizes=(1, kernel_height, kernel_width, 1),
        strides=(1, *problem.windows.strides, 1),
        rates=(1, *problem.windows.dilation_rate, 1),
        padding="VALID",
    )
    batch, out_height, out_width, _ = tf.unstack(tf.shape(patches))
    positions = (batch, out_height, out_width)
    patches = tf.reshape(
        patches, (*positions, kernel_height, kernel_width, groups, channels // groups)
    )
    outputs = tf.reduce_sum(patches * kernels[..., tf.newaxis], axis=(3, 4))
    return tf.reshape(outputs, (*positions, channels))


def obstacle(_: Problem) -> None:
    """Return None: patches can be extracted anywhere, from tensors of any size."""


def is_advisable(_: Problem) -> bool:
    """Return True: nothing is compiled, so no number of problems is too many."""
    return True
