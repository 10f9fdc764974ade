"""What an operator costs by formula: parameters, MACs, FLOPs and compulsory bytes.

Counted are multiply-accumulates (MACs) of convolutions and of the involution's sum, one MAC
being two FLOPs; additions of a bias, batch normalization, activations and pooling are not.
Windows at the border count whole. In training each multiplication by an input or a weight
has two more of the same size, one for the gradient of either factor.

Compulsory bytes are those that no implementation can avoid: each input, parameter and output
moved once and, in training, the gradient of each moved once as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from involution.geometry import Padding, output_sizes, pair, positive

TRAINING_MACS = 3
TRAINING_BYTES = 2


@dataclass(frozen=True)
class Costs:
    """Costs of one call of an operator.

    Attributes:
        parameters: numbers that the operator holds, trainable or not.
        macs: multiply-accumulates.
        compulsory_bytes: bytes that must be moved, whatever the implementation.
    """

    parameters: int
    macs: int
    compulsory_bytes: int

    @property
    def flops(self) -> int:
        """Floating-point operations: two a MAC."""
        return 2 * self.macs


def convolution(
    shape: Sequence[int],
    filters: int,
    kernel_size: int | tuple[int, int],
    strides: int | tuple[int, int] = 1,
    dilation_rate: int | tuple[int, int] = 1,
    padding: Padding = "same",
    groups: int = 1,
    use_bias: bool = False,
    itemsize: int = 4,
    training: bool = False,
) -> Costs:
    """Return the costs of a convolution.

    Args:
        shape: (batch, height, width, channels) of the input.
        filters: channels of the output.
        kernel_size: taps of a window, an integer or two.
        strides: pixels from one window to the next.
        dilation_rate: pixels from one tap to the next.
        padding: "same", "valid" or zeros on every side.
        groups: parts into which channels and filters are divided.
        use_bias: whether a bias is added.
        itemsize: bytes of one number. Default 4, as in float32.
        training: whether to count the gradients for inputs and weights too.

    Returns:
        The costs.

    Raises:
        ValueError: if a size is not positive or `groups` does not divide channels and filters.

    Example:
        >>> convolution((1, 32, 32, 64), filters=64, kernel_size=3).parameters
        36864
    """
    batch, channels = shape[0], shape[3]
    _check_groups(groups, channels=channels, filters=filters)
    taps = prod(pair(kernel_size, "kernel_size"))
    weights = taps * channels * filters // groups
    parameters = weights + (filters if use_bias else 0)
    positions = batch * _positions(shape, kernel_size, strides, dilation_rate, padding)
    moved = prod(shape) + parameters + positions * filters
    return _costs(parameters, positions * weights, moved, itemsize, training)


def depthwise_convolution(
    shape: Sequence[int],
    kernel_size: int | tuple[int, int],
    strides: int | tuple[int, int] = 1,
    dilation_rate: int | tuple[int, int] = 1,
    padding: Padding = "same",
    use_bias: bool = False,
    itemsize: int = 4,
    training: bool = False,
) -> Costs:
    """Return the costs of a depthwise convolution: one kernel a channel.

    Args:
        shape: (batch, height, width, channels) of the input.
        kernel_size: taps of a window, an integer or two.
        strides: pixels from one window to the next.
        dilation_rate: pixels from one tap to the next.
        padding: "same", "valid" or zeros on every side.
        use_bias: whether a bias is added.
        itemsize: bytes of one number. Default 4, as in float32.
        training: whether to count the gradients for inputs and weights too.

    Returns:
        The costs.

    Raises:
        ValueError: if a size is not positive.

    Example:
        >>> depthwise_convolution((1, 32, 32, 64), kernel_size=3).parameters
        576
    """
    channels = shape[3]
    return convolution(
        shape,
        channels,
        kernel_size,
        strides,
        dilation_rate,
        padding,
        groups=channels,
        use_bias=use_bias,
        itemsize=itemsize,
        training=training,
    )


def involve(
    shape: Sequence[int],
    kernel_size: int | tuple[int, int],
    strides: int | tuple[int, int] = 1,
    dilation_rate: int | tuple[int, int] = 1,
    padding: Padding = "same",
    groups: int = 1,
    itemsize: int = 4,
    training: bool = False,
) -> Costs:
    """Return the costs of `involution.involve`: the sum alone, kernels given.

    Args:
        shape: (batch, height, width, channels) of the input.
        kernel_size: taps of a window, an integer or two.
        strides: pixels from one window to the next.
        dilation_rate: pixels from one tap to the next.
        padding: "same", "valid" or zeros on every side.
        groups: how many kernels each position has.
        itemsize: bytes of one number. Default 4, as in float32.
        training: whether to count the gradients for inputs and kernels too.

    Returns:
        The costs; the kernels count among the bytes, not among the parameters.

    Raises:
        ValueError: if a size is not positive or `groups` does not divide the channels.

    Example:
        >>> round(involve((4, 56, 56, 64), kernel_size=7, groups=4).compulsory_bytes / 1e6, 1)
        16.3
    """
    batch, channels = shape[0], shape[3]
    _check_groups(groups, channels=channels)
    taps = prod(pair(kernel_size, "kernel_size"))
    positions = batch * _positions(shape, kernel_size, strides, dilation_rate, padding)
    moved = prod(shape) + positions * (taps * groups + channels)
    return _costs(0, positions * taps * channels, moved, itemsize, training)


def involution(
    shape: Sequence[int],
    kernel_size: int | tuple[int, int] = 7,
    strides: int | tuple[int, int] = 1,
    dilation_rate: int | tuple[int, int] = 1,
    padding: Padding = "same",
    groups: int = 1,
    reduction_ratio: int = 4,
    itemsize: int = 4,
    training: bool = False,
) -> Costs:
    """Return the costs of `Involution2D` with the paper's kernel generator.

    Args:
        shape: (batch, height, width, channels) of the input.
        kernel_size: taps of a window, an integer or two.
        strides: pixels from one window to the next; the generator runs on the pooled input.
        dilation_rate: pixels from one tap to the next.
        padding: "same", "valid" or zeros on every side.
        groups: how many kernels each position has.
        reduction_ratio: channels of the input to channels of the bottleneck.
        itemsize: bytes of one number. Default 4, as in float32.
        training: whether to count the gradients for inputs and weights too.

    Returns:
        The costs. The kernels are intermediate, so they do not count among the bytes.

    Raises:
        ValueError: if a size is not positive or `groups` does not divide the channels.

    Example:
        >>> involution((1, 32, 32, 64), kernel_size=7, groups=4).parameters
        4420
    """
    batch, channels = shape[0], shape[3]
    bottleneck = max(channels // positive(reduction_ratio, "reduction_ratio"), 1)
    core = involve(shape, kernel_size, strides, dilation_rate, padding, groups)
    kernels = prod(pair(kernel_size, "kernel_size")) * groups
    weights = channels * bottleneck + bottleneck * kernels
    parameters = weights + 4 * bottleneck + kernels  # batch normalization, bias
    positions = batch * _positions(shape, kernel_size, strides, dilation_rate, padding)
    moved = prod(shape) + parameters + positions * channels
    return _costs(parameters, positions * weights + core.macs, moved, itemsize, training)


def _positions(shape, kernel_size, strides, dilation_rate, padding: Padding) -> int:
    return prod(
        output_sizes(
            [positive(size, "shape") for size in shape[1:3]],
            pair(kernel_size, "kernel_size"),
            pair(strides, "strides"),
            pair(dilation_rate, "dilation_rate"),
            padding,
        )
    )


def _costs(parameters: int, macs: int, moved: int, itemsize: int, training: bool) -> Costs:
    return Costs(
        parameters,
        macs * (TRAINING_MACS if training else 1),
        moved * itemsize * (TRAINING_BYTES if training else 1),
    )


def _check_groups(groups: int, **sizes: int) -> None:
    positive(groups, "groups")
    if any(size % groups for size in sizes.values()):
        received = ", ".join(f"{name}={size}" for name, size in {"groups": groups, **sizes}.items())
        raise ValueError(f"`groups` must divide {' and '.join(sizes)}. Received: {received}")
