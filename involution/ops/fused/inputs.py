"""The inputs' gradient: for each pixel a sum over the windows that hold it."""

import tensorflow as tf

from involution.geometry import borders
from involution.ops.fused.compiled import grouped, raw
from involution.ops.types import Tensor, Windows


def by_inputs(
    windows: Windows, rows: range, sizes: tuple[int, int], kernels: Tensor, outputs: Tensor
) -> Tensor:
    """Return the part of the inputs' gradient that comes from some rows of taps.

    Padded pixels with the same remainder by the stride are held by the same taps, each with an
    offset in windows. For each remainder this is a sum of shifted views, like the outputs.

    Args:
        windows: geometry.
        rows: of taps to sum.
        sizes: (height, width) of the inputs.
        kernels: (batch, out_height, out_width, kernel_height, kernel_width, groups).
        outputs: (batch, out_height, out_width, channels), the upstream gradient.

    Returns:
        (batch, height, width, channels), in 32 bits or more.
    """
    (height, width), strides, dilation = windows.kernel_size, windows.strides, windows.dilation_rate
    before = [zeros for zeros, _ in borders(sizes, **windows.geometry)]
    # Of each remainder, the pixels from `firsts` to `ends` are needed, in strides.
    firsts = [before[axis] // strides[axis] for axis in (0, 1)]
    ends = [(before[axis] + sizes[axis] - 1) // strides[axis] + 1 for axis in (0, 1)]
    counts = [ends[axis] - firsts[axis] for axis in (0, 1)]
    reach = [(windows.kernel_size[axis] - 1) * dilation[axis] // strides[axis] for axis in (0, 1)]
    zeros = [
        (max(reach[axis] - firsts[axis], 0), max(ends[axis] - outputs.shape[1 + axis], 0))
        for axis in (0, 1)
    ]
    padded = tf.pad(raw(outputs), [(0, 0), *zeros, (0, 0)])
    taps = tf.reshape(raw(kernels), (-1, *kernels.shape[1:3], height * width * windows.groups))
    taps = tf.pad(taps, [(0, 0), *zeros, (0, 0)])

    def span(axis: int, tap: int) -> slice:
        start = zeros[axis][0] + firsts[axis] - tap * dilation[axis] // strides[axis]
        return slice(start, start + counts[axis])

    def product(row: int, column: int) -> Tensor:
        seen, first = (slice(None), span(0, row), span(1, column)), row * width + column
        tap = taps[*seen, first * windows.groups : (first + 1) * windows.groups]
        return grouped(padded[seen], counts, windows.groups) * grouped(tap, counts, windows.groups)

    def of_remainder(top: int, left: int) -> Tensor:
        up = [row for row in rows if row * dilation[0] % strides[0] == top]
        side = [column for column in range(width) if column * dilation[1] % strides[1] == left]
        if not up or not side:  # no window holds these pixels
            return tf.zeros_like(product(0, 0))
        return tf.add_n([tf.add_n([product(row, column) for column in side]) for row in up])

    by_rows = [
        tf.stack([of_remainder(top, left) for left in range(strides[1])], axis=3)
        for top in range(strides[0])
    ]
    whole = [count * stride for count, stride in zip(counts, strides, strict=True)]
    gradients = tf.reshape(tf.stack(by_rows, axis=2), (-1, *whole, outputs.shape[3]))
    top, left = (before[axis] - firsts[axis] * strides[axis] for axis in (0, 1))
    return gradients[:, top : top + sizes[0], left : left + sizes[1]]
