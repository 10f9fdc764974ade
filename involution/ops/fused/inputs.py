"""The inputs' gradient: for each pixel a sum over the windows that hold it.

The kernels are by far the largest tensor, so they are read where they lie. With the windows of all
images one after another, the one to which a tap leads is as many windows away for each pixel. Where
that is in the row or the image beside, it counts as zero. The kernels of small maps, or of many
taps, are copied, padded at both ends of the batch.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import tensorflow as tf

from involution.ops.fused.ends import ends_apart, ends_padded
from involution.ops.fused.problem import Compiled, Geometry, inside, narrow, split, wide

# On smaller maps, or with more taps, three loops in place of one take too long to compile for what
# they save over a copy of the kernels.
MIN_PIXELS_IN_PLACE = 128
MAX_TAPS_IN_PLACE = 49


@Compiled
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
    height, width = (line.count for line in lines)
    images, dtype, channels = tf.shape(outputs)[0], outputs.dtype, outputs.shape[3]
    taps = len(lines[0].taps) * len(lines[1].taps)
    in_place = height * width >= MIN_PIXELS_IN_PLACE and taps <= MAX_TAPS_IN_PLACE
    # In place, enough images that no row is in the margins of both ends.
    margin = _margin(lines)
    missing = tf.maximum(-(-2 * margin // height) - images, 0) if in_place else 0
    around = [(0, missing), *[(0, line.beyond) for line in lines]]
    outputs = tf.reshape(tf.pad(outputs, [*around, (0, 0)]), (-1, width, channels))
    kernels = tf.pad(kernels, [*around, (0, 0), (0, 0), (0, 0)])
    kernels = tf.reshape(kernels, (-1, width, math.prod(geometry.kernel_size), geometry.groups, 1))
    tensors = (wide(split(outputs, geometry.groups)), kernels)
    rows = tf.range((images + missing) * height) % height
    over_all = ends_apart if in_place else ends_padded

    def of_remainder(*remainder: int):
        taps = [line.holding(place) for line, place in zip(lines, remainder, strict=True)]
        if not all(taps):
            # The stride is larger than the window.
            return tf.zeros_like(tensors[0])
        return over_all(_sums(lines, *taps), rows, tensors, margin)

    by_rows = [
        tf.stack([of_remainder(top, left) for left in range(lines[1].stride)], axis=2)
        for top in range(lines[0].stride)
    ]
    # (rows of all images, remainder, count, remainder, groups, channels) to rows and columns.
    sizes = [line.count * line.stride for line in lines]
    gradients = tf.reshape(tf.stack(by_rows, axis=1), (-1, *sizes, channels))
    gradients = gradients[:images, : lines[0].size, : lines[1].size]
    return narrow(geometry, kernel_rows, gradients, dtype)


def _sums(lines, vertical, horizontal):
    """Return a function that sums the products to which taps lead, as `ends_apart` needs it.

    Args:
        lines: both dimensions.
        vertical: the rows of taps that hold the pixels of a remainder.
        horizontal: the columns of taps that do.
    """
    height, width = (line.count for line in lines)
    margin = _margin(lines) * width

    # Traced once for both ends, which have the same shapes.
    @tf.function(autograph=False)
    def sums(rows, outputs, kernels):
        outputs = tf.reshape(outputs, (-1, *outputs.shape[2:]))
        taps = tf.unstack(tf.reshape(kernels, (-1, *kernels.shape[2:])), axis=1)
        columns = [inside(tf.range(width) + side.shift, width) for side in horizontal]
        zero = tf.zeros((), outputs.dtype)
        # Of each tap, as few operations as can be: there are a thousand to trace and to compile.
        size = tf.stack([tf.size(rows) * width, *outputs.shape[1:]])
        shape = tf.stack([-1, width, *outputs.shape[1:]])

        def product(up: _Tap, side: _Tap):
            shift = up.shift * width + side.shift
            products = outputs * wide(taps[up.number * len(lines[1].taps) + side.number])
            return tf.reshape(tf.slice(products, (margin + shift, 0, 0), size), shape)

        def row_sum(up: _Tap):
            row = [
                tf.where(held, product(up, side), zero)
                for held, side in zip(columns, horizontal, strict=True)
            ]
            held = inside((rows + up.shift)[:, tf.newaxis], height)
            return tf.where(held, tf.add_n(row), zero)

        return tf.add_n([row_sum(up) for up in vertical])

    return sums


class _Tap(NamedTuple):
    """A row or a column of taps that holds pixels of a remainder.

    Attributes:
        number: which of the kernel.
        shift: windows from a pixel to the window whose tap holds it.
    """

    number: int
    shift: int


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
                taps.append(_Tap(index, distance // self.stride))
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
    """Return from how many rows at an end of the batch a tap may lead out of it; not 0."""
    vertical, horizontal = lines
    return max(vertical.reach - (-horizontal.reach // horizontal.count), 1)
