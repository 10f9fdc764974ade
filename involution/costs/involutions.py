"""The costs of involution by formula: of the sum alone, and of the layer."""

from collections.abc import Sequence
from math import prod

from involution.costs.operators import Costs, check_groups, costs_of, positions_of
from involution.geometry import Padding, pair, positive


def involve(
    shape: Sequence[int],
    *,
    kernel_size: int | tuple[int, int],
    strides: int | tuple[int, int] = 1,
    padding: Padding = "same",
    dilation_rate: int | tuple[int, int] = 1,
    groups: int = 1,
    itemsize: int = 4,
    training: bool = False,
) -> Costs:
    """Return the costs of `involution.involve`: the sum alone, with given kernels.

    Args:
        shape: (batch, height, width, channels) of the input.
        kernel_size: taps of a window, an integer or (vertical, horizontal).
        strides: pixels from one window to the next, an integer or two. Default 1.
        padding: "same", "valid" or the number of zeros on every side. Default "same".
        dilation_rate: pixels from one tap to the next, an integer or two. Default 1.
        groups: kernels per position. Default 1.
        itemsize: bytes of one number. Default 4, as in float32.
        training: whether to count the gradients for inputs and kernels too. Default False.

    Returns:
        The costs. The kernels count among the bytes, not among the parameters.

    Raises:
        ValueError: if an argument is out of range or `groups` does not divide the channels.

    Example:
        >>> round(involve((4, 56, 56, 64), kernel_size=7, groups=4).compulsory_bytes / 1e6, 1)
        16.3
    """
    channels = shape[3]
    check_groups(groups, channels=channels)
    taps = prod(pair(kernel_size, "kernel_size"))
    positions = positions_of(shape, kernel_size, strides, padding, dilation_rate)
    moved = prod(shape) + positions * (taps * groups + channels)
    return costs_of(0, positions * taps * channels, moved, itemsize=itemsize, training=training)


def generated(
    shape: Sequence[int],
    *,
    kernel_size: int | tuple[int, int] = 7,
    strides: int | tuple[int, int] = 1,
    padding: Padding = "same",
    dilation_rate: int | tuple[int, int] = 1,
    groups: int = 1,
    reduction_ratio: int = 4,
    itemsize: int = 4,
    training: bool = False,
) -> Costs:
    """Return the costs of the last two steps of `Involution2D`.

    The last convolution of the paper's generator makes the kernels from reduced features, and the
    sum uses them.

    Args:
        shape: (batch, height, width, channels) of the input.
        kernel_size: taps of a window, an integer or (vertical, horizontal). Default 7.
        strides: pixels from one window to the next, an integer or two. Default 1.
        padding: "same", "valid" or the number of zeros on every side. Default "same".
        dilation_rate: pixels from one tap to the next, an integer or two. Default 1.
        groups: kernels per position. Default 1.
        reduction_ratio: there are channels // reduction_ratio features, at least one. Default 4.
        itemsize: bytes of one number. Default 4, as in float32.
        training: whether to count the gradients for inputs, features and weights too. Default
            False.

    Returns:
        The costs. The kernels are intermediate results and do not count among the bytes.

    Raises:
        ValueError: if an argument is out of range or `groups` does not divide the channels.

    Example:
        >>> round(generated((4, 56, 56, 64), kernel_size=7, groups=4).compulsory_bytes / 1e6, 1)
        7.2
    """
    reduced = _reduced(shape[3], reduction_ratio)
    core = involve(
        shape,
        kernel_size=kernel_size,
        strides=strides,
        padding=padding,
        dilation_rate=dilation_rate,
        groups=groups,
    )
    kernels = prod(pair(kernel_size, "kernel_size")) * groups
    parameters = (reduced + 1) * kernels  # the last are the bias
    positions = positions_of(shape, kernel_size, strides, padding, dilation_rate)
    moved = prod(shape) + parameters + positions * (reduced + shape[3])
    macs = positions * reduced * kernels + core.macs
    return costs_of(parameters, macs, moved, itemsize=itemsize, training=training)


def involution(
    shape: Sequence[int],
    *,
    kernel_size: int | tuple[int, int] = 7,
    strides: int | tuple[int, int] = 1,
    padding: Padding = "same",
    dilation_rate: int | tuple[int, int] = 1,
    groups: int = 1,
    reduction_ratio: int = 4,
    itemsize: int = 4,
    training: bool = False,
) -> Costs:
    """Return the costs of `Involution2D` with the paper's kernel generator.

    Args:
        shape: (batch, height, width, channels) of the input.
        kernel_size: taps of a window, an integer or (vertical, horizontal). Default 7.
        strides: pixels from one window to the next; the generator runs on the pooled input.
            Default 1.
        padding: "same", "valid" or the number of zeros on every side. Default "same".
        dilation_rate: pixels from one tap to the next, an integer or two. Default 1.
        groups: kernels per position. Default 1.
        reduction_ratio: the bottleneck has channels // reduction_ratio channels, at least one.
            Default 4.
        itemsize: bytes of one number. Default 4, as in float32.
        training: whether to count the gradients for inputs and weights too. Default False.

    Returns:
        The costs. Parameters are trainable ones, so the moving mean and variance of the batch
        normalisation are none, but they are moved and count among the bytes. The kernels are
        intermediate results and do not count among the bytes.

    Raises:
        ValueError: if an argument is out of range or `groups` does not divide the channels.

    Example:
        >>> involution((1, 32, 32, 64), kernel_size=7, groups=4).parameters
        4388
    """
    channels = shape[3]
    bottleneck = _reduced(channels, reduction_ratio)
    last_steps = generated(
        shape,
        kernel_size=kernel_size,
        strides=strides,
        padding=padding,
        dilation_rate=dilation_rate,
        groups=groups,
        reduction_ratio=reduction_ratio,
    )
    scale_and_shift = moving_statistics = 2 * bottleneck
    parameters = channels * bottleneck + scale_and_shift + last_steps.parameters
    positions = positions_of(shape, kernel_size, strides, padding, dilation_rate)
    moved = prod(shape) + parameters + moving_statistics + positions * channels
    macs = positions * channels * bottleneck + last_steps.macs
    return costs_of(parameters, macs, moved, itemsize=itemsize, training=training)


def _reduced(channels: int, reduction_ratio: int) -> int:
    """Return the channels of the paper's bottleneck."""
    return max(channels // positive(reduction_ratio, "reduction_ratio"), 1)
