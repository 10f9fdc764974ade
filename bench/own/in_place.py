"""The involution that takes the place of a convolution."""

from math import gcd
from typing import Any

from bench.cases import Sides
from bench.own.errors import ModelError
from bench.own.layers import LayerUse
from involution import Involution2D
from involution.geometry import Padding, odd_pair, pair

GROUP_WIDTH = 16  # channels that share a kernel in the paper


def in_place_of(use: LayerUse, kernel_size: Sides, **arguments: Any) -> Involution2D:
    """Return the involution that takes the place of a convolution.

    Args:
        use: what the convolution does in its model. Where it changes the channels, the involution
            takes and returns as many as it has filters.
        kernel_size: taps of the involution's window, odd, an integer or (vertical, horizontal).
        **arguments: others of `Involution2D`, such as name and activation.

    Returns:
        A layer that has not been built, with as many output positions as the convolution.

    Raises:
        ValueError: if the kernel size is even; ModelError if no padding gives those positions.
    """
    padding = padding_for(use, kernel_size)
    if padding is None:
        raise ModelError(
            "Involution in the place of a convolution without padding must have a window that is "
            "as large, or larger by as much in both directions. Received: "
            f"kernel_size={kernel_size} in the place of {use.kernel_size}"
        )
    return Involution2D(
        kernel_size,
        strides=pair(use.strides, "strides"),
        padding=padding,
        dilation_rate=pair(use.dilation_rate, "dilation_rate"),
        groups=groups_for(use.filters),
        data_format=use.data_format,
        **arguments,
    )


def groups_for(channels: int) -> int:
    """Return the groups of the involution that takes the place of a convolution.

    Args:
        channels: of the convolution's output.

    Example:
        >>> groups_for(64), groups_for(24)
        (4, 3)
    """
    return channels // gcd(channels, GROUP_WIDTH)


def padding_for(use: LayerUse, kernel_size: Sides) -> Padding | None:
    """Return the padding with which involution has the output positions of a convolution.

    Args:
        use: what the convolution does in its model.
        kernel_size: taps of the involution's window, odd, an integer or (vertical, horizontal).

    Returns:
        The padding, None where there is none.
    """
    if use.padding == "same":
        return "same"
    # A larger window needs as many zeros as it has taps more, half of them on each side.
    vertical, horizontal = (
        (new - old) // 2 * dilation
        for new, old, dilation in zip(
            odd_pair(kernel_size, "kernel_size"), use.kernel_size, use.dilation_rate, strict=True
        )
    )
    if vertical != horizontal or vertical < 0:
        return None
    return vertical or "valid"
