"""The involution that takes the place of a convolution."""

from math import gcd
from typing import Any

from bench.own.errors import ModelError
from bench.own.layers import LayerUse
from involution import Involution2D
from involution.geometry import Padding, odd_pair, pair

GROUP_WIDTH = 16  # channels that share a kernel in the paper


def in_place_of(
    use: LayerUse, kernel_size: int | tuple[int, int], **arguments: Any
) -> Involution2D:
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
    return Involution2D(
        kernel_size,
        strides=pair(use.strides, "strides"),
        padding=_padding(use, kernel_size),
        dilation_rate=pair(use.dilation_rate, "dilation_rate"),
        groups=use.filters // gcd(use.filters, GROUP_WIDTH),
        data_format=use.data_format,
        **{"dtype": use.config["dtype"], **arguments},
    )


def _padding(use: LayerUse, kernel_size: int | tuple[int, int]) -> Padding:
    """Return the padding with which involution has the output positions of a convolution."""
    if use.padding == "same":
        return "same"
    sizes = odd_pair(kernel_size, "kernel_size")
    # A larger window needs as many zeros as it has taps more, half of them on each side.
    vertical, horizontal = (
        (new - old) // 2 * dilation
        for new, old, dilation in zip(sizes, use.kernel_size, use.dilation_rate, strict=True)
    )
    if vertical != horizontal or vertical < 0:
        raise ModelError(
            "Involution in the place of a convolution without padding must have a window that is "
            "as large, or larger by as much in both directions. Received: "
            f"kernel_size={sizes} in the place of {use.kernel_size}"
        )
    return vertical or "valid"
