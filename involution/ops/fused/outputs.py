"""Involution's outputs: shifted views of the input times their kernels, summed."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import tensorflow as tf

from involution.ops.fused.problem import (
    Compiled,
    Geometry,
    inside,
    narrow,
    split,
    sum_of_taps,
    wide,
)
from involution.ops.once import unknown_zero
from involution.ops.types import Tensor

# In place, a row and a column index are computed per view. With more taps a padded copy costs less.
MAX_TAPS_IN_PLACE = 49


@Compiled
def by_outputs(
    geometry: Geometry, kernel_rows: tuple[int, int], inputs: Tensor, kernels: Tensor
) -> Tensor:
    """Return the outputs, or the part of them that comes from some rows of the kernels.

    Args:
        geometry: of the problem.
        kernel_rows: (first, end) of the rows of taps to sum.
        inputs: (batch, height, width, channels).
        kernels: (batch, out_height, out_width, kernel_height, kernel_width, groups).

    Returns:
        (batch, out_height, out_width, channels).
    """
    in_place = math.prod(geometry.kernel_size) <= MAX_TAPS_IN_PLACE
    sums = (_in_place if in_place else _padded)(geometry, kernel_rows, inputs, kernels)
    outputs = tf.reshape(sums, (-1, *kernels.shape[1:3], inputs.shape[3]))
    return narrow(geometry, kernel_rows, outputs, inputs.dtype)


def _padded(
    geometry: Geometry, kernel_rows: tuple[int, int], inputs: Tensor, kernels: Tensor
) -> Tensor:
    """Return the outputs from views of a padded copy of the inputs."""
    windows = kernels.shape[1:3]
    views = split(tf.pad(inputs, [(0, 0), *geometry.borders, (0, 0)]), geometry.groups)

    def product(i: int, j: int) -> Tensor:
        view = views
        for axis, tap in enumerate((i, j)):
            start = tap * geometry.dilation_rate[axis]
            stride = geometry.strides[axis]
            span = slice(start, start + (windows[axis] - 1) * stride + 1, stride)
            view = view[(slice(None),) * (1 + axis) + (span,)]
        return wide(view) * wide(kernels[:, :, :, i, j, :, tf.newaxis])

    return sum_of_taps(product, range(*kernel_rows), range(geometry.kernel_size[1]))


def _in_place(
    geometry: Geometry, kernel_rows: tuple[int, int], inputs: Tensor, kernels: Tensor
) -> Tensor:
    """Return the outputs from views of the inputs without a copy.

    A view is a gather by the row and the column that a tap of each window reads. Indices outside
    the image are clipped to its edge, and what is read there is masked with zero.
    """
    rows, columns = _seen(geometry, inputs, kernels.shape[1:3])
    width, channels = inputs.shape[2:]
    lines = split(tf.reshape(inputs, (-1, width, channels)), geometry.groups)
    taps = [tf.unstack(row, axis=3) for row in tf.unstack(kernels[..., tf.newaxis], axis=3)]
    zero = tf.zeros((), inputs.dtype)

    def product(i: int, j: int) -> Tensor:
        view = tf.gather_nd(lines, tf.stack([rows[i].places, columns[j].places], axis=3))
        return wide(tf.where(columns[j].inside, view, zero)) * wide(taps[i][j])

    def row_sum(i: int) -> Tensor:
        row = tf.add_n([product(i, j) for j in range(len(columns))])
        return tf.where(rows[i].inside, row, wide(zero))

    return tf.add_n([row_sum(i) for i in range(*kernel_rows)])


class _Seen(NamedTuple):
    """The pixels that a row or a column of taps reads.

    Attributes:
        places: row or column of the pixel that each window reads: (batch, out_height, out_width).
        inside: whether it is in the image, to select among (batch, out_height, out_width, groups,
            channels of a group).
    """

    places: Tensor
    inside: Tensor


def _seen(geometry: Geometry, inputs: Tensor, windows: Sequence[int]) -> list[list[_Seen]]:
    """Return what each row and each column of taps reads; rows are numbered across all images."""
    images = tf.shape(inputs)[0]
    # XLA folds known indices into constants, one entry per tap and window, and reads them from
    # memory. Indices that it does not know are computed in the loop, which is faster.
    unknown = unknown_zero(inputs)
    first_rows = tf.range(images)[:, tf.newaxis, tf.newaxis] * geometry.sizes[0]
    starts = (first_rows + unknown, unknown)
    shapes = ((-1, 1), (-1,))  # to broadcast to (out_height, out_width)

    def seen(axis: int, tap: int) -> _Seen:
        places = tf.range(windows[axis]) * geometry.strides[axis]
        places += tap * geometry.dilation_rate[axis] - geometry.borders[axis][0]
        places = tf.reshape(places, shapes[axis])
        size = geometry.sizes[axis]
        nearest = starts[axis] + tf.clip_by_value(places, 0, size - 1)
        return _Seen(tf.broadcast_to(nearest, (images, *windows)), inside(places, size))

    return [[seen(axis, tap) for tap in range(geometry.kernel_size[axis])] for axis in (0, 1)]
