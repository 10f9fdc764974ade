"""The inputs' gradient: for each pixel a sum over the windows that hold it.

The kernels are by far the largest tensor, so they are read where they lie. With the rows of all
images one after another, the window to which a tap leads is as many windows away for each pixel.
Where that is in the row or the image beside, the padded output gradients are zero. Only from the
first and the last rows of the batch it may lie outside the tensor; for these a few rows of kernels
are copied and padded.
"""

from dataclasses import dataclass
from typing import NamedTuple

import tensorflow as tf

from involution.ops.fused.ends import ends_apart, shifted
from involution.ops.fused.problem import Geometry, narrow, split, wide


@tf.function(jit_compile=True, autograph=False)
def by_inputs(geometry: Geometry, kernel_rows: tuple[int, int], kernels, outputs):
    """Gather, for each input pixel, the windows that hold it.

    Pixels with the same remainder by the stride are held by the same taps: for each remainder
    this is a sum of shifted views, like the outputs.

    Args:
        geometry: of the problem.
        kernel_rows: (first, end) of the rows of taps to sum.
        kernels: (batch, out_height, out_width, kernel_height, kernel_width, groups).
        outputs: (batch, out_height, out_width, channels), the upstream gradient.

    Returns:
        (batch, height, width, channels).
    """
    vertical, horizontal = lines = [
        _Line(
            size=geometry.sizes[axis],
            taps=range(*(kernel_rows, (0, geometry.kernel_size[1]))[axis]),
            stride=geometry.strides[axis],
            dilation_rate=geometry.dilation_rate[axis],
            before=geometry.borders[axis][0],
            windows=outputs.shape[1 + axis],
        )
        for axis in (0, 1)
    ]
    height, width = (line.count for line in lines)
    # Rows from which a tap may lead out of the tensor: those of the start and of the end must
    # not be the same.
    margin = vertical.reach + horizontal.reach // width + 1
    images, dtype = tf.shape(outputs)[0], outputs.dtype
    missing = (0, tf.maximum(-(-2 * margin // height) - images, 0))
    around = [(line.reach, line.reach + line.beyond) for line in lines]
    outputs = wide(split(tf.pad(outputs, [missing, *around, (0, 0)]), geometry.groups))
    after = [(0, line.beyond) for line in lines]
    kernels = tf.pad(kernels, [missing, *after, (0, 0), (0, 0), (0, 0)])
    kernels = tf.reshape(kernels, (-1, width, *kernels.shape[3:]))

    def of_remainder(top: int, left: int):
        if not (vertical.holding(top) and horizontal.holding(left)):
            # The stride is larger than the window.
            return tf.zeros_like(outputs[:, :height, :width])

        def sums(kernels, rows: slice):
            # A sum for each row of taps: one chain of all taps would be as long as its latencies.
            return tf.add_n(
                [
                    tf.add_n(
                        [product(kernels, rows, up, side) for side in horizontal.holding(left)]
                    )
                    for up in vertical.holding(top)
                ]
            )

        gradients = ends_apart(sums, kernels, margin)
        return tf.reshape(gradients, (-1, height, width, *outputs.shape[3:]))

    def product(kernels, rows: slice, up: _Tap, side: _Tap):
        seen = tf.reshape(outputs[:, up.view, side.view], (-1, width, *outputs.shape[3:]))
        shift = up.shift * width + side.shift
        own = shifted(kernels, margin, shift)[:, :, up.index, side.index, :, tf.newaxis]
        return seen[rows] * wide(own)

    rows = [
        tf.stack([of_remainder(top, left) for left in range(horizontal.stride)], axis=3)
        for top in range(vertical.stride)
    ]
    # (batch, count, remainder, count, remainder, groups, channels) to rows and columns.
    gradients = tf.reshape(
        tf.stack(rows, axis=2),
        (
            -1,
            height * vertical.stride,
            width * horizontal.stride,
            geometry.groups * outputs.shape[4],
        ),
    )
    gradients = gradients[:images, : vertical.size, : horizontal.size]
    return narrow(geometry, kernel_rows, gradients, dtype)


class _Tap(NamedTuple):
    """A row or a column of taps that holds pixels of a remainder.

    Attributes:
        index: which of the kernel.
        shift: windows from a pixel to the window whose tap holds it.
        view: what the tap leads to in the padded output gradients.
    """

    index: int
    shift: int
    view: slice


@dataclass(frozen=True)
class _Line:
    """One dimension of the input gradients' geometry."""

    size: int
    taps: range
    stride: int
    dilation_rate: int
    before: int
    windows: int

    @property
    def count(self) -> int:
        """Pixels of one remainder, or windows if there are more."""
        return max(-(-self.size // self.stride), self.windows)

    @property
    def beyond(self) -> int:
        """Windows to add, so that there is one for each pixel of a remainder."""
        return self.count - self.windows

    @property
    def reach(self) -> int:
        """How many windows away the window of a tap is at most."""
        nearest = self.before - self.taps[0] * self.dilation_rate + self.stride - 1
        farthest = self.before - self.taps[-1] * self.dilation_rate
        return max(abs(nearest), abs(farthest)) // self.stride

    def holding(self, remainder: int) -> list[_Tap]:
        """Return the taps that hold pixels of a remainder."""
        taps = []
        for index in self.taps:
            distance = remainder + self.before - index * self.dilation_rate
            if distance % self.stride == 0:
                shift = distance // self.stride
                start = self.reach + shift
                taps.append(_Tap(index, shift, slice(start, start + self.count)))
        return taps
