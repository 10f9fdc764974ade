"""Involution's outputs: shifted views of the input times their kernels, summed."""

import math

import tensorflow as tf

from involution.ops.fused.ends import ends_apart
from involution.ops.fused.problem import Geometry, narrow, split, sum_of_taps, wide

# Conditions in place of a padded copy cost compilation time, and more of it with each tap.
MAX_TAPS_IN_PLACE = 9


@tf.function(jit_compile=True, autograph=False)
def by_outputs(geometry: Geometry, kernel_rows: tuple[int, int], inputs, kernels):
    """Return the outputs, or what some rows of the kernels add to them.

    Args:
        geometry: of the problem.
        kernel_rows: (first, end) of the rows of taps to sum.
        inputs: (batch, height, width, channels).
        kernels: (batch, out_height, out_width, kernel_height, kernel_width, groups).

    Returns:
        (batch, out_height, out_width, channels).
    """
    windows = kernels.shape[1:3]
    as_large = all(
        count * stride == size
        for count, stride, size in zip(windows, geometry.strides, geometry.sizes, strict=True)
    )
    in_place = as_large and math.prod(geometry.kernel_size) <= MAX_TAPS_IN_PLACE
    sums = (_in_place if in_place else _padded)(geometry, kernel_rows, inputs, kernels)
    outputs = tf.reshape(sums, (-1, *windows, inputs.shape[3]))
    return narrow(geometry, kernel_rows, outputs, inputs.dtype)


def _padded(geometry: Geometry, kernel_rows, inputs, kernels):
    """Return the outputs by views of a padded copy of the inputs."""
    windows = kernels.shape[1:3]
    views = split(tf.pad(inputs, [(0, 0), *geometry.borders, (0, 0)]), geometry.groups)

    def product(i: int, j: int):
        view = views
        for axis, tap in enumerate((i, j)):
            start = tap * geometry.dilation_rate[axis]
            stride = geometry.strides[axis]
            span = slice(start, start + (windows[axis] - 1) * stride + 1, stride)
            view = view[(slice(None),) * (1 + axis) + (span,)]
        return wide(view) * wide(kernels[:, :, :, i, j, :, tf.newaxis])

    return sum_of_taps(product, range(*kernel_rows), range(geometry.kernel_size[1]))


def _in_place(geometry: Geometry, kernel_rows, inputs, kernels):
    """Return the outputs by views of the inputs where they lie.

    With the rows of all images one after another, what a tap of every window sees is all pixels,
    shifted by one number. Where that is in the row or the image beside, it counts as zero.
    """
    (height, width), (stride, step) = geometry.sizes, geometry.strides
    windows = kernels.shape[1:3]

    def offset(axis: int, tap):
        return tap * geometry.dilation_rate[axis] - geometry.borders[axis][0]

    up, left = (
        max(abs(offset(axis, tap)) for tap in (0, geometry.kernel_size[axis] - 1))
        for axis in (0, 1)
    )
    pitch = stride * width  # pixels from one row of windows to the next
    margin = (up * width + left) // pitch + 1
    kernels = tf.reshape(kernels, (-1, *kernels.shape[2:]))
    count = tf.shape(kernels)[0]
    missing = tf.maximum(2 * margin - count, 0)
    kernels = tf.pad(kernels, [(0, missing), *[(0, 0)] * 4])
    rows = split(tf.reshape(inputs, (-1, pitch, inputs.shape[3])), geometry.groups)
    rows = tf.pad(rows, [(0, missing), *[(0, 0)] * 3])
    lines = tf.range(count + missing) % windows[0] * stride
    columns = tf.range(windows[1]) * step

    def sums(rows, computed: slice):
        pixels = tf.reshape(rows, (-1, *rows.shape[2:]))

        def row_sum(i: int):
            def product(j: int):
                side = offset(1, j)
                shift = offset(0, i) * width + side
                view = pixels[margin * pitch + shift : shift - margin * pitch]
                view = tf.reshape(view, (-1, stride, windows[1], step, *pixels.shape[1:]))
                view = _inside(columns + side, width, view[:, 0, :, 0])
                return wide(view) * wide(kernels[computed, :, i, j, :, tf.newaxis])

            row = tf.add_n([product(j) for j in range(geometry.kernel_size[1])])
            return _inside((lines[computed] + offset(0, i))[:, tf.newaxis], height, row)

        return tf.add_n([row_sum(i) for i in range(*kernel_rows)])

    return ends_apart(sums, rows, margin)[:count]


def _inside(places, size: int, values):
    """Return values (..., groups, channels), zero for places outside the image."""
    inside = (places >= 0) & (places < size)
    return tf.where(inside[..., tf.newaxis, tf.newaxis], values, tf.zeros((), values.dtype))
