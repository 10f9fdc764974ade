"""The kernels' gradient: for each window and tap a sum over the channels of a group.

XLA vectorises along the last axis of a result. Columns and groups are therefore brought last, and
the channels, over which the sum goes, before them. These copies are compiled by themselves: XLA
would fuse them into the sum, which would then read with large strides.
"""

import numpy as np
import tensorflow as tf

from involution.geometry import borders
from involution.ops.fused.compiled import compiled, grouped, wide
from involution.ops.types import Borders, Tensor, Windows

# XLA unrolls a sum over up to this many numbers. The loop over columns is then the innermost one,
# which XLA vectorises.
MAX_CHANNELS = 24

# With fewer groups, writing the sums in window order as they are computed is a slow scatter.
MIN_GROUPS_IN_ORDER = 4


def by_kernels(windows: Windows, inputs: Tensor, outputs: Tensor) -> Tensor:
    """Return the kernels' gradient.

    Args:
        windows: geometry.
        inputs: (batch, height, width, channels).
        outputs: (batch, out_height, out_width, channels), the upstream gradient.

    Returns:
        (batch, out_height, out_width, kernel_height, kernel_width, groups).
    """
    rows, (left, right) = borders(inputs.shape[1:3], **windows.geometry)
    groups, stride, dtype = windows.groups, windows.strides[1], inputs.dtype
    right += -(left + inputs.shape[2] + right) % stride
    inputs = compiled(_columns_last, groups, stride, (rows, (left, right)), tensor=inputs)
    outputs = compiled(_columns_last, groups, 1, ((0, 0), (0, 0)), tensor=outputs)
    if groups >= MIN_GROUPS_IN_ORDER:
        return compiled(_sums_in_order, windows, dtype, inputs=inputs, outputs=outputs)
    return _in_order(windows, compiled(_sums, windows, dtype, inputs=inputs, outputs=outputs))


def _columns_last(groups: int, stride: int, zeros: Borders, tensor: Tensor) -> Tensor:
    """Return (batch, height, column's remainder by stride, group's channels, columns * groups).

    The columns that one tap of neighbouring windows reads are then adjacent.
    """
    padded = tf.pad(wide(tensor), [(0, 0), *zeros, (0, 0)])
    height, width = padded.shape[1:3]
    split = grouped(padded, (height, width // stride, stride), groups)
    last = tf.transpose(split, (0, 1, 3, 5, 2, 4))
    return tf.reshape(last, (-1, *last.shape[1:4], width // stride * groups))


def _sums(windows: Windows, dtype: tf.DType, inputs: Tensor, outputs: Tensor) -> Tensor:
    """Return (batch, out_height, kernel_width * kernel_height, out_width * groups)."""
    _, out_height, _, channels, length = outputs.shape
    rows = np.arange(out_height)[:, np.newaxis] * windows.strides[0]
    rows = rows + np.arange(windows.kernel_size[0]) * windows.dilation_rate[0]
    part = -(-channels // -(-channels // MAX_CHANNELS))
    parts = [slice(first, first + part) for first in range(0, channels, part)]

    def column_sum(column: int) -> Tensor:
        start, remainder = divmod(column * windows.dilation_rate[1], windows.strides[1])
        start *= windows.groups
        view = inputs[:, :, remainder, :, start : start + length]
        # All rows of taps in one loop, so that the output gradients are read once.
        seen = [tf.gather(view[:, :, of], rows, axis=1) * outputs[:, :, :, of] for of in parts]
        return tf.add_n([tf.reduce_sum(products, axis=3) for products in seen])

    columns = [column_sum(column) for column in range(windows.kernel_size[1])]
    return tf.cast(tf.concat(columns, axis=2), dtype)


def _in_order(windows: Windows, sums: Tensor) -> Tensor:
    """Return (batch, out_height, out_width, kernel_height, kernel_width, groups)."""
    taps = windows.kernel_size[::-1]
    sums = tf.reshape(
        sums, (-1, sums.shape[1], *taps, sums.shape[3] // windows.groups, windows.groups)
    )
    return tf.transpose(sums, (0, 1, 4, 3, 2, 5))


def _sums_in_order(windows: Windows, dtype: tf.DType, inputs: Tensor, outputs: Tensor) -> Tensor:
    return _in_order(windows, _sums(windows, dtype, inputs, outputs))
