"""The inputs' gradient: for each pixel a sum over the windows that hold it."""

import math
from dataclasses import dataclass
from itertools import product

import tensorflow as tf

from involution.ops.fused.problem import Geometry, narrow, split, wide


@tf.function(jit_compile=True, autograph=False)
def by_inputs(geometry: Geometry, kernel_rows: tuple[int, int], kernels, outputs):
    """Gather, for each input pixel, the windows that hold it.

    Pixels with the same remainder by the stride, counted from the first window, are held by the
    same taps: for each remainder this is a sum of shifted views like the outputs.

    Args:
        geometry: of the problem.
        kernel_rows: (first, end) of the rows of taps to sum.
        kernels: (batch, out_height, out_width, kernel_height, kernel_width, groups).
        outputs: (batch, out_height, out_width, channels), the upstream gradient.

    Returns:
        (batch, height, width, channels).
    """
    vertical, horizontal = (
        _Line(
            size=geometry.sizes[axis],
            kernel_size=geometry.kernel_size[axis],
            stride=geometry.strides[axis],
            dilation_rate=geometry.dilation_rate[axis],
            border=geometry.borders[axis],
            windows=outputs.shape[1 + axis],
        )
        for axis in (0, 1)
    )
    around = [(0, 0), vertical.around, horizontal.around, (0, 0)]
    views = wide(split(tf.pad(outputs, around), geometry.groups))
    # XLA copies along the last axis, and that of the kernels may be as short as one number.
    flat = tf.pad(
        tf.reshape(kernels, (-1, *kernels.shape[1:3], math.prod(kernels.shape[3:]))), around
    )
    kernels = wide(tf.reshape(flat, (-1, *flat.shape[1:3], *kernels.shape[3:])))
    rows = []
    for top in range(vertical.stride):
        row = []
        for left in range(horizontal.stride):
            terms = [
                views[:, h, w] * kernels[:, h, w, i, j, :, tf.newaxis]
                for (i, h), (j, w) in product(vertical.taps(top), horizontal.taps(left))
                if i in range(*kernel_rows)
            ]
            # No tap holds these pixels where the stride is larger than the window.
            none = tf.zeros_like(views[:, : vertical.count, : horizontal.count])
            row.append(tf.add_n(terms) if terms else none)
        rows.append(tf.stack(row, axis=3))
    # (batch, count, remainder, count, remainder, groups, width) to rows, columns and channels.
    gradients = tf.stack(rows, axis=2)
    channels = views.shape[3] * views.shape[4]
    gradients = tf.reshape(
        gradients,
        (-1, vertical.count * vertical.stride, horizontal.count * horizontal.stride, channels),
    )
    gradients = gradients[:, vertical.pixels, horizontal.pixels]
    return narrow(geometry, kernel_rows, gradients, outputs.dtype)


@dataclass(frozen=True)
class _Line:
    """One dimension of the input gradients' geometry."""

    size: int
    kernel_size: int
    stride: int
    dilation_rate: int
    border: tuple[int, int]
    windows: int

    @property
    def count(self) -> int:
        """How many pixels of one remainder cover the padded input up to its last pixel."""
        return -(-(self.border[0] + self.size) // self.stride)

    @property
    def around(self) -> tuple[int, int]:
        """Zero windows before the first and after the last, so that each tap has a view."""
        before = (self.kernel_size - 1) * self.dilation_rate // self.stride
        return before, max(self.count - self.windows, 0)

    @property
    def pixels(self) -> slice:
        """Where the input lies among the pixels of all remainders."""
        return slice(self.border[0], self.border[0] + self.size)

    def taps(self, remainder: int) -> list[tuple[int, slice]]:
        """Return the taps that hold pixels of a remainder, each with its view of the windows."""
        offsets = ((i, i * self.dilation_rate - remainder) for i in range(self.kernel_size))
        starts = (
            (i, self.around[0] - offset // self.stride)
            for i, offset in offsets
            if offset % self.stride == 0
        )
        return [(i, slice(start, start + self.count)) for i, start in starts]
