"""Involution as a function: checks, padding and the choice of an implementation."""

import tensorflow as tf

from involution.geometry import Padding, borders, checked_padding, output_sizes, pair
from involution.ops import fused, patches

IMPLEMENTATIONS = {"fused": fused.involve, "patches": patches.involve}


def involve(
    inputs,
    kernels,
    strides=1,
    dilation_rate=1,
    padding: Padding = "same",
    implementation: str = "auto",
):
    """Apply to each window of the input a kernel of its own.

    Output position (h, w) of channel c is the sum over the taps (i, j) of
    `kernels[b, h, w, i, j, c // (channels // groups)]` times
    `inputs[b, h * stride + i * dilation - top, w * stride + j * dilation - left, c]`, where
    pixels outside the input are zero: equation 4 of Li et al., "Involution: Inverting the
    Inherence of Convolution for Visual Recognition", CVPR 2021.

    Args:
        inputs: floating-point tensor (batch, height, width, channels); any size but the
            channels may be unknown until the call.
        kernels: tensor of the same dtype (batch, out_height, out_width, kernel_height,
            kernel_width, groups); the last three must be known, and groups divide channels.
        strides: pixels from one window to the next, an integer or (vertical, horizontal).
        dilation_rate: pixels from one tap to the next, an integer or (vertical, horizontal).
        padding: "same" (TensorFlow's SAME), "valid", or an integer: that many zeros on every
            side.
        implementation: "fused", "patches", or "auto": "fused", the faster one for every shape
            measured, wherever XLA is at hand. Each geometry, dtype and batch size is compiled
            once in a process. "fused" gives way to "patches" where height or width are unknown
            while a graph is built, and after `fused.MAX_COMPILED` different problems; batch
            sizes that a graph leaves open are compiled as they come, and count as one.

    Returns:
        A tensor (batch, out_height, out_width, channels) of the inputs' dtype.

    Raises:
        ValueError: if an argument or a known size does not fit; raised before any work.
        tf.errors.InvalidArgumentError: at the call, if the batches of inputs and of kernels
            differ and one of them was unknown before; not where XLA compiles the caller, too.

    Example:
        >>> import tensorflow as tf
        >>> from involution import involve
        >>> inputs = tf.ones((1, 4, 4, 8))
        >>> kernels = tf.ones((1, 4, 4, 3, 3, 2))  # kernel size 3, two groups
        >>> print(involve(inputs, kernels)[0, 0, :, 0].numpy())
        [4. 6. 6. 4.]
    """
    inputs = tf.convert_to_tensor(inputs)
    kernels = tf.convert_to_tensor(kernels)
    strides = pair(strides, "strides")
    dilation_rate = pair(dilation_rate, "dilation_rate")
    padding = checked_padding(padding)
    checked_implementation(implementation)
    _check_tensors(inputs, kernels, strides, dilation_rate, padding)
    if None in (inputs.shape[0], kernels.shape[0]):
        kernels = _of_same_batch(inputs, kernels)
    sizes = [
        tf.shape(inputs)[axis] if inputs.shape[axis] is None else inputs.shape[axis]
        for axis in (1, 2)
    ]
    zeros = borders(sizes, tuple(kernels.shape[3:5]), strides, dilation_rate, padding)
    problem = (inputs, kernels, strides, dilation_rate, zeros)
    outputs = IMPLEMENTATIONS[_fitting(implementation, problem)](*problem)
    return tf.ensure_shape(outputs, (inputs.shape[0], *kernels.shape[1:3], inputs.shape[3]))


def _of_same_batch(inputs, kernels):
    """Return the kernels, checked when they are known to be as many sets as there are images."""
    images, sets = tf.shape(inputs)[0], tf.shape(kernels)[0]
    message = "`inputs` and `kernels` must have the same batch."
    with tf.control_dependencies([tf.debugging.assert_equal(images, sets, message)]):
        return tf.identity(kernels)


def checked_implementation(implementation: str) -> str:
    """Return `implementation` if there is one of that name.

    Args:
        implementation: a key of `IMPLEMENTATIONS`, or "auto".

    Returns:
        The same name.

    Raises:
        ValueError: if there is no such implementation.
    """
    known = ("auto", *IMPLEMENTATIONS)
    if implementation not in known:
        raise ValueError(
            f"`implementation` must be one of {', '.join(map(repr, known))}. "
            f"Received: implementation={implementation!r}"
        )
    return implementation


def _fitting(implementation: str, problem: tuple) -> str:
    """Return the implementation that is to run and can."""
    if implementation == "auto":
        implementation = "fused" if fused.is_available() else "patches"
    if implementation == "fused" and not fused.takes(*problem):
        return "patches"
    return implementation


def _check_tensors(inputs, kernels, strides, dilation_rate, padding: Padding) -> None:
    received = f"Received: inputs.shape={inputs.shape}, kernels.shape={kernels.shape}"
    if inputs.shape.rank != 4 or kernels.shape.rank != 6:
        raise ValueError(
            "`inputs` must be (batch, height, width, channels) and `kernels` (batch, out_height, "
            f"out_width, kernel_height, kernel_width, groups). {received}"
        )
    if not inputs.dtype.is_floating or inputs.dtype != kernels.dtype:
        raise ValueError(
            "`inputs` and `kernels` must have the same floating-point dtype. "
            f"Received: inputs.dtype={inputs.dtype.name}, kernels.dtype={kernels.dtype.name}"
        )
    channels = inputs.shape[3]
    if channels is None or None in kernels.shape[3:]:
        raise ValueError(f"channels, kernel size and groups must be known. {received}")
    if 0 in kernels.shape[3:5]:
        raise ValueError(f"the kernel size must be 1 or more. {received}")
    groups = kernels.shape[5]
    if groups < 1 or channels % groups:
        raise ValueError(
            f"groups must divide channels. Received: groups={groups}, channels={channels}"
        )
    windows = output_sizes(
        inputs.shape[1:3], tuple(kernels.shape[3:5]), strides, dilation_rate, padding
    )
    expected = (inputs.shape[0], *windows)
    if not tf.TensorShape(expected).is_compatible_with(kernels.shape[:3]):
        raise ValueError(
            "`kernels` must have one kernel for each output position: expected "
            f"(batch, out_height, out_width)={expected} for strides={strides}, "
            f"dilation_rate={dilation_rate}, padding={padding!r}. {received}"
        )
