"""Rows or columns of windows in blocks, each with the pixels that its windows share."""

from typing import Any, NamedTuple, TypeAlias

import numpy as np

from involution.geometry import borders, output_sizes

# Outputs of a block. Products of smaller blocks take longer with a kernel size of 1 to 5.
SHORTEST = 4

Indices: TypeAlias = np.ndarray[Any, np.dtype[np.intp]]
Mask: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]


class BlockedAxis(NamedTuple):
    """One dimension of an image, "same" padded, in blocks of outputs.

    Attributes:
        size: outputs. The last block may have more, which repeat the last one.
        centres: the pixels in the middle of each window.
        outputs: (blocks, outputs of a block).
        pixels: (blocks, pixels under the windows of a block). For one outside the image it is the
            nearest inside.
        attended: (blocks, outputs of a block, pixels), whether a tap of the window is on the pixel
            and inside the image.
    """

    size: int
    centres: slice
    outputs: Indices
    pixels: Indices
    attended: Mask


def blocked(size: int, kernel_size: int, stride: int, dilation_rate: int) -> BlockedAxis:
    """Divide the outputs along one dimension into blocks.

    A block has half as many outputs as a window has taps, but at least `SHORTEST`. Larger blocks
    copy fewer pixels twice, but more of their scores are masked. With these, a query is multiplied
    with 1.5 times the pixels of its window in either dimension.

    Args:
        size: of the input, in pixels.
        kernel_size: taps of a window, odd.
        stride: pixels from one window to the next.
        dilation_rate: pixels from one tap to the next.

    Returns:
        The blocks.

    Example:
        >>> blocked(size=8, kernel_size=3, stride=1, dilation_rate=1).pixels
        array([[0, 0, 1, 2, 3, 4],
               [3, 4, 5, 6, 7, 7]])
    """
    geometry: Any = {
        "kernel_size": (kernel_size, 1),
        "strides": (stride, 1),
        "padding": "same",
        "dilation_rate": (dilation_rate, 1),
    }
    count, _ = output_sizes((size, 1), **geometry)
    (before, _), _ = borders((size, 1), **geometry)
    reach = (kernel_size - 1) * dilation_rate
    length = max(kernel_size // 2 + 1, SHORTEST)
    outputs = np.arange(-(-count // length) * length).reshape(-1, length)
    firsts = outputs * stride - before  # the pixel under the first tap
    pixels = firsts[:, :1] + np.arange((length - 1) * stride + reach + 1)
    offsets = pixels[:, np.newaxis] - firsts[:, :, np.newaxis]
    on_tap = (offsets >= 0) & (offsets <= reach) & (offsets % dilation_rate == 0)
    inside = (pixels >= 0) & (pixels < size)
    return BlockedAxis(
        size=count,
        centres=slice(reach // 2 - before, None, stride),
        outputs=np.minimum(outputs, count - 1),
        pixels=pixels.clip(0, size - 1),
        attended=on_tap & inside[:, np.newaxis],
    )


def attended(rows: BlockedAxis, columns: BlockedAxis) -> Mask:
    """Return which pixels the outputs of each block attend to.

    Args:
        rows: of the image.
        columns: of the image.

    Returns:
        (blocks, 1, outputs of a block, pixels of a block).
    """
    both = rows.attended[:, None, :, None, :, None] & columns.attended[None, :, None, :, None, :]
    down, across, high, wide = both.shape[:4]
    return both.reshape(down * across, 1, high * wide, -1)
