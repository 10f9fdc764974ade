"""Involution's outputs: shifted views of the padded inputs times their kernels, summed."""

import tensorflow as tf

from involution.geometry import borders
from involution.ops.fused.compiled import grouped, raw
from involution.ops.types import Tensor, Windows


def by_outputs(windows: Windows, rows: range, inputs: Tensor, kernels: Tensor) -> Tensor:
    """Return the part of the outputs that comes from some rows of taps.

    Args:
        windows: geometry.
        rows: of taps to sum.
        inputs: (batch, height, width, channels).
        kernels: (batch, out_height, out_width, kernel_height, kernel_width, groups).

    Returns:
        (batch, out_height, out_width, channels), in 32 bits or more.
    """
    sizes, (height, width), groups = kernels.shape[1:3], windows.kernel_size, windows.groups
    zeros = borders(inputs.shape[1:3], **windows.geometry)
    padded = tf.pad(raw(inputs), [(0, 0), *zeros, (0, 0)])
    taps = tf.reshape(raw(kernels), (-1, *sizes, height * width * groups))

    def span(axis: int, tap: int) -> slice:
        start, stride = tap * windows.dilation_rate[axis], windows.strides[axis]
        return slice(start, start + (sizes[axis] - 1) * stride + 1, stride)

    def product(row: int, column: int) -> Tensor:
        view, first = padded[:, span(0, row), span(1, column)], (row * width + column) * groups
        tap = taps[..., first : first + groups]
        return grouped(view, sizes, groups) * grouped(tap, sizes, groups)

    # One sum per row of taps: in a single chain each addition would wait for the one before it.
    sums = [tf.add_n([product(row, column) for column in range(width)]) for row in rows]
    return tf.reshape(tf.add_n(sums), (-1, *sizes, inputs.shape[3]))
