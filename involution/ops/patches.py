"""Involution as the Keras tutorial computes it: extract patches, multiply, sum.

Simple and general, but it holds every window of the input at once: kernel height times kernel
width times channels numbers for each output position, and as many again for the gradient.
"""

import tensorflow as tf


def involve(inputs, kernels, strides, dilation_rate, borders):
    """Compute involution from patches.

    Args:
        inputs: (batch, height, width, channels).
        kernels: (batch, out_height, out_width, kernel_height, kernel_width, groups).
        strides: (vertical, horizontal), in pixels.
        dilation_rate: (vertical, horizontal), in pixels.
        borders: ((top, bottom), (left, right)), zeros around the input.

    Returns:
        (batch, out_height, out_width, channels).
    """
    kernel_height, kernel_width, groups = kernels.shape[3:]
    channels = inputs.shape[-1]
    patches = tf.image.extract_patches(
        tf.pad(inputs, [(0, 0), *borders, (0, 0)]),
        sizes=(1, kernel_height, kernel_width, 1),
        strides=(1, *strides, 1),
        rates=(1, *dilation_rate, 1),
        padding="VALID",
    )
    batch, out_height, out_width, _ = tf.unstack(tf.shape(patches))
    positions = (batch, out_height, out_width)
    patches = tf.reshape(
        patches, (*positions, kernel_height, kernel_width, groups, channels // groups)
    )
    outputs = tf.reduce_sum(patches * kernels[..., tf.newaxis], axis=(3, 4))
    return tf.reshape(outputs, (*positions, channels))
