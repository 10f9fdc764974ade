"""The costs of convolutions by formula, and what all costs count.

MACs are the multiply-accumulates of convolutions, of involution's sum and of attention; one MAC is
two FLOPs. Biases, normalisation, activations, softmax and pooling are single operations and are not
counted. Windows
at the border count whole. Training has three products for each product of the forward pass: the
product itself and the gradients of its two factors. What an implementation computes again, such as
kernels that it does not keep for the backward pass, is counted once.

Parameters are trainable ones. Compulsory bytes are those that no implementation can avoid: each
input, each number that the operator holds (trainable or not) and each output is moved once. In
training the gradient of each is moved once as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from involution.geometry import Padding, checked_padding, output_sizes, pair, positive

TRAINING_MACS = 3
TRAINING_BYTES = 2


@dataclass(frozen=True)
class Costs:
    """Costs of one call of an operator.

    Attributes:
        parameters: trainable numbers that the operator holds.
        macs: multiply-accumulates.
        compulsory_bytes: bytes that must be moved, whatever the implementation.
        published_operations: what the RedNet paper calls FLOPs: MACs, biases, normalisation and
            activations. See `involution.costs.models`. None where it is not counted.
    """

    parameters: int
    macs: int
    compulsory_bytes: int
    published_operations: int | None = None

    @property
    def flops(self) -> int:
        """Floating-point operations, two per MAC."""
        return 2 * self.macs


def convolution(
    shape: Sequence[int],
    *,
    filters: int,
    kernel_size: int | tuple[int, int],
    strides: int | tuple[int, int] = 1,
    padding: Padding = "same",
    dilation_rate: int | tuple[int, int] = 1,
    groups: int = 1,
    use_bias: bool = False,
    itemsize: int = 4,
    training: bool = False,
) -> Costs:
    """Return the costs of a convolution.

    Args:
        shape: (batch, height, width, channels) of the input.
        filters: channels of the output.
        kernel_size: taps of a window, an integer or (vertical, horizontal).
        strides: pixels from one window to the next, an integer or two. Default 1.
        padding: "same", "valid" or the number of zeros on every side. Default "same".
        dilation_rate: pixels from one tap to the next, an integer or two. Default 1.
        groups: parts into which channels and filters are divided. Default 1.
        use_bias: whether a bias is added. Default False.
        itemsize: bytes of one number. Default 4, as in float32.
        training: whether to count the gradients for inputs and weights too. Default False.

    Returns:
        The costs.

    Raises:
        ValueError: if an argument is out of range or `groups` does not divide channels and filters.

    Example:
        >>> convolution((1, 32, 32, 64), filters=64, kernel_size=3).parameters
        36864
    """
    channels = shape[3]
    check_groups(groups, channels=channels, filters=filters)
    taps = prod(pair(kernel_size, "kernel_size"))
    weights = taps * channels * filters // groups
    parameters = weights + (filters if use_bias else 0)
    positions = positions_of(shape, kernel_size, strides, padding, dilation_rate)
    moved = prod(shape) + parameters + positions * filters
    return costs_of(parameters, positions * weights, moved, itemsize=itemsize, training=training)


def depthwise_convolution(
    shape: Sequence[int],
    *,
    kernel_size: int | tuple[int, int],
    strides: int | tuple[int, int] = 1,
    padding: Padding = "same",
    dilation_rate: int | tuple[int, int] = 1,
    use_bias: bool = False,
    itemsize: int = 4,
    training: bool = False,
) -> Costs:
    """Return the costs of a depthwise convolution: one kernel per channel.

    Args:
        shape: (batch, height, width, channels) of the input.
        kernel_size: taps of a window, an integer or (vertical, horizontal).
        strides: pixels from one window to the next, an integer or two. Default 1.
        padding: "same", "valid" or the number of zeros on every side. Default "same".
        dilation_rate: pixels from one tap to the next, an integer or two. Default 1.
        use_bias: whether a bias is added. Default False.
        itemsize: bytes of one number. Default 4, as in float32.
        training: whether to count the gradients for inputs and weights too. Default False.

    Returns:
        The costs.

    Raises:
        ValueError: if an argument is out of range.

    Example:
        >>> depthwise_convolution((1, 32, 32, 64), kernel_size=3).parameters
        576
    """
    channels = shape[3]
    return convolution(
        shape,
        filters=channels,
        kernel_size=kernel_size,
        strides=strides,
        padding=padding,
        dilation_rate=dilation_rate,
        groups=channels,
        use_bias=use_bias,
        itemsize=itemsize,
        training=training,
    )


def separable_convolution(
    shape: Sequence[int],
    *,
    filters: int,
    kernel_size: int | tuple[int, int],
    strides: int | tuple[int, int] = 1,
    padding: Padding = "same",
    dilation_rate: int | tuple[int, int] = 1,
    use_bias: bool = False,
    itemsize: int = 4,
    training: bool = False,
) -> Costs:
    """Return the costs of a separable convolution: a depthwise one, then a pointwise one.

    Args:
        shape: (batch, height, width, channels) of the input.
        filters: channels of the output.
        kernel_size: taps of a window, an integer or (vertical, horizontal).
        strides: pixels from one window to the next, an integer or two. Default 1.
        padding: "same", "valid" or the number of zeros on every side. Default "same".
        dilation_rate: pixels from one tap to the next, an integer or two. Default 1.
        use_bias: whether a bias is added to the output. Default False.
        itemsize: bytes of one number. Default 4, as in float32.
        training: whether to count the gradients for inputs and weights too. Default False.

    Returns:
        The costs. What the first convolution gives to the second is an intermediate result and does
        not count among the bytes.

    Raises:
        ValueError: if an argument is out of range.

    Example:
        >>> separable_convolution((1, 32, 32, 64), filters=64, kernel_size=3).parameters
        4672
    """
    channels = shape[3]
    taps = prod(pair(kernel_size, "kernel_size"))
    weights = taps * channels + channels * positive(filters, "filters")
    parameters = weights + (filters if use_bias else 0)
    positions = positions_of(shape, kernel_size, strides, padding, dilation_rate)
    moved = prod(shape) + parameters + positions * filters
    return costs_of(parameters, positions * weights, moved, itemsize=itemsize, training=training)


def positions_of(
    shape: Sequence[int],
    kernel_size: int | tuple[int, int],
    strides: int | tuple[int, int],
    padding: Padding,
    dilation_rate: int | tuple[int, int],
) -> int:
    """Return the number of output positions in the whole batch."""
    windows = output_sizes(
        [positive(size, "shape") for size in shape[1:3]],
        kernel_size=pair(kernel_size, "kernel_size"),
        strides=pair(strides, "strides"),
        padding=checked_padding(padding),
        dilation_rate=pair(dilation_rate, "dilation_rate"),
    )
    return shape[0] * prod(windows)


def costs_of(parameters: int, macs: int, moved: int, *, itemsize: int, training: bool) -> Costs:
    """Return the costs of a call.

    Args:
        parameters: trainable numbers.
        macs: multiply-accumulates of a forward pass.
        moved: numbers that a forward pass must move.
        itemsize: bytes of one number.
        training: whether gradients are computed too.
    """
    return Costs(
        parameters,
        macs * (TRAINING_MACS if training else 1),
        moved * itemsize * (TRAINING_BYTES if training else 1),
    )


def check_groups(groups: int, **sizes: int) -> None:
    """Check that groups divide the sizes, which are given by name.

    Raises:
        ValueError: if they do not.
    """
    positive(groups, "groups")
    if any(size % groups for size in sizes.values()):
        received = ", ".join(f"{name}={size}" for name, size in {"groups": groups, **sizes}.items())
        raise ValueError(f"`groups` must divide {' and '.join(sizes)}. Received: {received}")
