"""The inputs' gradient: for each pixel a sum over the windows that hold it.

The kernels are by far the largest tensor, so they are read where they lie. With the windows of all
images one after another, the one to which a tap leads is as many windows away for each pixel. Where
that is in the row or the image beside, the padded output gradients are zero: finite kernels are
taken for granted there, as one that is not gives NaN beside it. The kernels of small maps, or of
many taps, are copied, padded at both ends of the batch.
"""

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import tensorflow as tf

from involution.ops.fused.ends import ends_apart, ends_padded
from involution.ops.fused.problem import Geometry, narrow, split, sum_of_taps, wide

# On smaller maps, or with more taps, three loops in place of one take too long to compile for what
# they save over a copy of the kernels.
MIN_PIXELS_IN_PLACE = 512
MAX_TAPS_IN_PLACE = 49


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
    lines = _lines(geometry, kernel_rows, outputs.shape[1:3])
    pixels = lines[0].count * lines[1].count
    taps = len(lines[0].taps) * len(lines[1].taps)
    in_place = pixels >= MIN_PIXELS_IN_PLACE and taps <= MAX_TAPS_IN_PLACE
    images, dtype, margin = tf.shape(outputs)[0], outputs.dtype, _margin(lines)
    # In place, enough images that no pixel is in the margins of both ends.
    missing = (0, tf.maximum(-(-2 * margin // pixels) - images, 0) if in_place else 0)
    around = [(line.reach, line.reach + line.beyond) for line in lines]
    outputs = wide(split(tf.pad(outputs, [missing, *around, (0, 0)]), geometry.groups))
    after = [(0, line.beyond) for line in lines]
    kernels = tf.pad(kernels, [missing, *after, (0, 0), (0, 0), (0, 0)])
    kernels = tf.reshape(kernels, (-1, *kernels.shape[3:]))
    over_all = partial(ends_apart if in_place else ends_padded, flat=kernels, margin=margin)
    rows = [
        tf.stack(
            [
                _of_remainder(lines, (top, left), outputs, over_all)
                for left in range(lines[1].stride)
            ],
            axis=3,
        )
        for top in range(lines[0].stride)
    ]
    # (batch, count, remainder, count, remainder, groups, channels) to rows and columns.
    sizes = [line.count * line.stride for line in lines]
    channels = geometry.groups * outputs.shape[4]
    gradients = tf.reshape(tf.stack(rows, axis=2), (-1, *sizes, channels))
    gradients = gradients[:images, : lines[0].size, : lines[1].size]
    return narrow(geometry, kernel_rows, gradients, dtype)


def _of_remainder(lines, remainder: tuple[int, int], outputs, over_all):
    """Return the gradients of the pixels with a remainder by the strides, a pixel a window.

    Args:
        lines: both dimensions.
        remainder: of a pixel's place by the stride, vertical and horizontal.
        outputs: the padded output gradients, their channels by groups.
        over_all: maps a function of kernels and of a slice of them to its results for all.
    """
    height, width = (line.count for line in lines)
    vertical, horizontal = (
        line.holding(place) for line, place in zip(lines, remainder, strict=True)
    )
    if not (vertical and horizontal):
        # The stride is larger than the window.
        return tf.zeros_like(outputs[:, :height, :width])
    margin = _margin(lines)

    def sums(kernels, computed: slice):
        def product(up: _Tap, side: _Tap):
            seen = tf.reshape(outputs[:, up.view, side.view], (-1, *outputs.shape[3:]))
            shift = up.shift * width + side.shift
            span = slice(margin + shift, shift - margin or None)
            return seen[computed] * wide(kernels[span, up.number, side.number, :, tf.newaxis])

        return sum_of_taps(product, vertical, horizontal)

    return tf.reshape(over_all(sums), (-1, height, width, *outputs.shape[3:]))


class _Tap(NamedTuple):
    """A row or a column of taps that holds pixels of a remainder.

    Attributes:
        number: which of the kernel.
        shift: windows from a pixel to the window whose tap holds it.
        view: what the tap leads to in the padded output gradients.
    """

    number: int
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


def _lines(geometry: Geometry, kernel_rows: tuple[int, int], windows) -> list[_Line]:
    """Return both dimensions: rows and columns."""
    return [
        _Line(
            size=geometry.sizes[axis],
            taps=range(*(kernel_rows, (0, geometry.kernel_size[1]))[axis]),
            stride=geometry.strides[axis],
            dilation_rate=geometry.dilation_rate[axis],
            before=geometry.borders[axis][0],
            windows=windows[axis],
        )
        for axis in (0, 1)
    ]


def _margin(lines: list[_Line]) -> int:
    """Return from how many pixels at an end of the batch a tap may lead out of it; not 0."""
    vertical, horizontal = lines
    return max(vertical.reach * horizontal.count + horizontal.reach, 1)
