"""The kernels' gradient: for each window and tap a sum over the channels of a group."""

import math
from itertools import pairwise

import numpy as np
import tensorflow as tf

from involution.ops.fused.problem import Geometry, Traced, after, split, wide
from involution.ops.internals import compiled_with_others
from involution.ops.once import computed_once
from involution.ops.types import Tensor

# XLA unrolls a sum over up to this many numbers. The loop over columns is then the innermost one,
# which XLA vectorises.
MAX_CHANNELS = 24

# With fewer groups, writing the sums in window order as they are computed is a slow scatter.
MIN_GROUPS_IN_PLACE = 4

# With fewer numbers, the second call costs more time than the saved memory is worth.
MIN_INPUTS_IN_HALVES = 2**18


def by_kernels(geometry: Geometry, inputs: Tensor, outputs: Tensor) -> Tensor:
    """Return the kernels' gradient.

    Args:
        geometry: of the problem.
        inputs: (batch, height, width, channels).
        outputs: (batch, out_height, out_width, channels), the upstream gradient.

    Returns:
        (batch, out_height, out_width, kernel_height, kernel_width, groups).
    """
    among_others = compiled_with_others()
    if not among_others and _pays_in_halves(geometry, inputs, outputs):
        return _in_halves(geometry, inputs=inputs, outputs=outputs)
    return _by_kernels(geometry, among_others, inputs=inputs, outputs=outputs)


def _pays_in_halves(geometry: Geometry, inputs: Tensor, outputs: Tensor) -> bool:
    """Return whether halves need less memory: their concatenation is smaller than their copies."""
    batch, *image = inputs.shape
    kernels = math.prod((*outputs.shape[1:3], *geometry.kernel_size, geometry.groups))
    large = batch is None or batch * math.prod(image) >= MIN_INPUTS_IN_HALVES
    return bool(batch != 1 and large and kernels < math.prod(image))


@Traced
def _in_halves(geometry: Geometry, inputs: Tensor, outputs: Tensor) -> Tensor:
    """Return the kernels' gradient, one half of the batch after the other."""
    middle = tf.shape(inputs)[0] // 2
    known = (geometry, False)
    first = _by_kernels(*known, inputs=inputs[:middle], outputs=outputs[:middle])
    with after(first):
        second = _by_kernels(*known, inputs=inputs[middle:], outputs=outputs[middle:])
    return tf.concat([first, second], axis=0)


# Not compiled as a whole: XLA fuses a transposition into the loop that reads or writes it. That
# saves a copy, but the loop then reads or writes with large strides. Only arguments and results of
# a compiled function keep their order in memory.
@Traced
def _by_kernels(
    geometry: Geometry,
    among_others: bool,  # noqa: FBT001 - `Traced` takes what is hashable by position
    inputs: Tensor,
    outputs: Tensor,
) -> Tensor:
    """Sum over channels with columns and groups as the last axis, along which XLA vectorises.

    Columns are sorted by their remainder by the stride. The columns that one tap of neighbouring
    windows reads are then adjacent.
    """
    dtype, groups, stride = inputs.dtype, geometry.groups, geometry.strides[1]
    inputs, outputs = wide(inputs), wide(outputs)  # once, not in each loop that reads them
    left, right = geometry.borders[1]
    right += -(left + geometry.sizes[1] + right) % stride
    # All rows outside the image are read from one row of zeros.
    inputs = split(tf.pad(inputs, [(0, 0), (0, 1), (left, right), (0, 0)]), groups)
    _, rows, width, _, channels = inputs.shape
    inputs = tf.reshape(inputs, (-1, rows, width // stride, stride, groups, channels))
    inputs = tf.transpose(inputs, (0, 1, 3, 5, 2, 4))
    inputs = tf.reshape(inputs, (-1, rows, stride, channels, width // stride * groups))
    windows = outputs.shape[1:3]
    outputs = tf.transpose(split(outputs, groups), (0, 1, 4, 2, 3))
    outputs = tf.reshape(outputs, (-1, windows[0], channels, windows[1] * groups))
    if among_others:
        inputs, outputs = computed_once(inputs), computed_once(outputs)
        sums = _sums_over_channels(geometry, inputs, outputs, dtype)
        return _windows_first(geometry, computed_once(sums, unknown=outputs))
    function = _windows_of_sums if groups < MIN_GROUPS_IN_PLACE else _windows_of_sums_in_place
    return function(geometry, inputs, outputs, dtype)


def _windows_of_sums(
    geometry: Geometry, inputs: Tensor, outputs: Tensor, dtype: tf.DType
) -> Tensor:
    # By TensorFlow: compiled separately, this transposition takes twice as long.
    return _windows_first(geometry, _sums_over_channels(geometry, inputs, outputs, dtype))


@tf.function(jit_compile=True, autograph=False)
def _sums_over_channels(
    geometry: Geometry, inputs: Tensor, outputs: Tensor, dtype: tf.DType
) -> Tensor:
    """Return the sum over the channels of a group, for each tap.

    Args:
        geometry: of the problem.
        inputs: (batch, height and a row of zeros, remainder, group's channels, columns * groups).
        outputs: (batch, out_height, group's channels, out_width * groups).
        dtype: of the result.

    Returns:
        (batch, out_height, kernel_width * kernel_height, out_width * groups).
    """
    kernel_height, kernel_width = geometry.kernel_size
    _, out_height, channels, row = outputs.shape
    height = geometry.sizes[0]
    rows = geometry.strides[0] * np.arange(out_height)[:, np.newaxis] - geometry.borders[0][0]
    rows = rows + geometry.dilation_rate[0] * np.arange(kernel_height)
    rows = np.where((rows < 0) | (rows >= height), height, rows)
    count = -(-channels // MAX_CHANNELS)
    parts = list(pairwise(part * channels // count for part in range(count + 1)))
    columns = []
    for j in range(kernel_width):
        start, remainder = divmod(j * geometry.dilation_rate[1], geometry.strides[1])
        start *= geometry.groups
        view = inputs[:, :, remainder, :, start : start + row]
        sums = []
        for first, end in parts:
            # All rows of taps in one loop, so that the output gradients are read once.
            seen = tf.gather(view[:, :, first:end], rows, axis=1)
            sums.append(tf.reduce_sum(seen * outputs[:, :, tf.newaxis, first:end], axis=3))
        columns.append(tf.add_n(sums))
    return tf.cast(tf.concat(columns, axis=2), dtype)


def _windows_first(geometry: Geometry, sums: Tensor) -> Tensor:
    """Return (batch, out_height, out_width, kernel_height, kernel_width, groups)."""
    kernel_height, kernel_width = geometry.kernel_size
    _, out_height, _, row = sums.shape
    taps = (kernel_width, kernel_height)
    sums = tf.reshape(sums, (-1, out_height, *taps, row // geometry.groups, geometry.groups))
    return tf.transpose(sums, (0, 1, 4, 3, 2, 5))


_windows_of_sums_in_place = tf.function(_windows_of_sums, jit_compile=True, autograph=False)
