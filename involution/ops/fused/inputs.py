"""The inputs' gradient: for each pixel a sum over the windows that hold it.

The kernels are by far the largest tensor, so they are read in place. With the windows of all
images one after another, a tap leads from each pixel to the window at the same offset. Where that
window is in the neighbouring row or image, it is masked with zero. For small maps or many taps, the
kernels are copied and padded at both ends of the batch instead.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import tensorflow as tf

from involution.ops.fused.ends import ends_apart, ends_padded
from involution.ops.fused.problem import Compiled, Geometry, inside, narrow, split, wide
from involution.ops.types import Tensor

# In place, three loops are compiled instead of one. On smaller maps, or with more taps, this takes
# longer than avoiding a copy of the kernels is worth.
MIN_PIXELS_IN_PLACE = 128
MAX_TAPS_IN_PLACE = 49


class _Tap(NamedTuple):
    """A row or a column of taps that holds pixels of a remainder.

    Attributes:
        number: index of the row or column in the kernel.
        shift: offset from a pixel to the window whose tap holds it, in windows.
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
        """Number of pixels of one remainder, or of windows if there are more."""
        return max(-(-self.size // self.stride), self.windows)

    @property
    def beyond(self) -> int:
        """Number of windows to add, so that there is one for each pixel of a remainder."""
        return self.count - self.windows

    @property
    def reach(self) -> int:
        """The largest distance from a pixel to the window of a tap, in windows."""
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


@Compiled
def by_inputs(
    geometry: Geometry, kernel_rows: tuple[int, int], kernels: Tensor, outputs: Tensor
) -> Tensor:
    """Sum, for each input pixel, over the windows that hold it.

    Pixels with the same remainder by the stride are held by the same taps. For each remainder
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
    # In place, images are added until no row is in the margins of both ends.
    margin = _margin(lines)
    missing = tf.maximum(-(-2 * margin // height) - images, 0) if in_place else 0
    around = [(0, missing), *[(0, line.beyond) for line in lines]]
    outputs = tf.reshape(tf.pad(outputs, [*around, (0, 0)]), (-1, width, channels))
    kernels = tf.pad(kernels, [*around, (0, 0), (0, 0), (0, 0)])
    kernels = tf.reshape(kernels, (-1, width, math.prod(geometry.kernel_size), geometry.groups, 1))
    tensors = (wide(split(outputs, geometry.groups)), kernels)
    rows = tf.range((images + missing) * height) % height
    over_all = ends_apart if in_place else ends_padded

    def of_remainder(*remainder: int) -> Tensor:
        taps = [line.holding(place) for line, place in zip(lines, remainder, strict=True)]
        if not all(taps):
            # The stride is larger than the window: no window holds these pixels.
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


def _sums(
    lines: Sequence[_Line], vertical: Sequence[_Tap], horizontal: Sequence[_Tap]
) -> Callable[..., Tensor]:
    """Return a function that sums the products to which taps lead, for `ends_apart`.

    Args:
        lines: both dimensions.
        vertical: the rows of taps that hold the pixels of a remainder.
        horizontal: the columns of taps that do.
    """
    height, width = (line.count for line in lines)
    margin = _margin(lines) * width

    # A function: it is traced once for both ends, which have the same shapes.
    @tf.function(autograph=False)
    def sums(rows: Tensor, outputs: Tensor, kernels: Tensor) -> Tensor:
        outputs = tf.reshape(outputs, (-1, *outputs.shape[2:]))
        taps = tf.unstack(tf.reshape(kernels, (-1, *kernels.shape[2:])), axis=1)
        columns = [inside(tf.range(width) + side.shift, width) for side in horizontal]
        zero = tf.zeros((), outputs.dtype)
        # As few operations per tap as possible: about a thousand are traced and compiled.
        size = tf.stack([tf.size(rows) * width, *outputs.shape[1:]])
        shape = tf.stack([-1, width, *outputs.shape[1:]])

        def product(up: _Tap, side: _Tap) -> Tensor:
            shift = up.shift * width + side.shift
            products = outputs * wide(taps[up.number * len(lines[1].taps) + side.number])
            return tf.reshape(tf.slice(products, (margin + shift, 0, 0), size), shape)

        def row_sum(up: _Tap) -> Tensor:
            row = [
                tf.where(held, product(up, side), zero)
                for held, side in zip(columns, horizontal, strict=True)
            ]
            held = inside((rows + up.shift)[:, tf.newaxis], height)
            return tf.where(held, tf.add_n(row), zero)

        return tf.add_n([row_sum(up) for up in vertical])

    compute: Callable[..., Tensor] = sums
    return compute


def _lines(geometry: Geometry, kernel_rows: tuple[int, int], windows: Sequence[int]) -> list[_Line]:
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


def _margin(lines: Sequence[_Line]) -> int:
    """Return the number of rows at an end of the batch from which a tap may lead out; not 0."""
    vertical, horizontal = lines
    return max(vertical.reach - (-horizontal.reach // horizontal.count), 1)
