"""The kernels' gradient: for each window and tap a sum over the channels of a group."""

import math
from itertools import pairwise

import numpy as np
import tensorflow as tf

from involution.ops.fused.problem import Geometry, Traced, after, split, wide
from involution.ops.once import compiled_with_others, computed_once

# Up to this many numbers are summed without a loop, which leaves the loop over columns as the
# innermost one, of which XLA takes many at once.
MAX_CHANNELS = 24

# With fewer groups, writing gradients window by window as they are summed leaps too often.
MIN_GROUPS_IN_PLACE = 4

# Of fewer numbers, two calls take longer than one, for memory that is not worth it.
MIN_INPUTS_IN_HALVES = 2**18


def by_kernels(geometry: Geometry, inputs, outputs):
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


def _pays_in_halves(geometry: Geometry, inputs, outputs) -> bool:
    """Return whether halves need less memory: what joins them is smaller than what they copy."""
    batch, *image = inputs.shape
    kernels = math.prod((*outputs.shape[1:3], *geometry.kernel_size, geometry.groups))
    large = batch is None or batch * math.prod(image) >= MIN_INPUTS_IN_HALVES
    return batch != 1 and large and kernels < math.prod(image)


@Traced
def _in_halves(geometry: Geometry, inputs, outputs):
    """Return the kernels' gradient, one half of the batch after the other."""
    middle = tf.shape(inputs)[0] // 2
    first = _by_kernels(geometry, False, inputs=inputs[:middle], outputs=outputs[:middle])
    with after(first):
        second = _by_kernels(geometry, False, inputs=inputs[middle:], outputs=outputs[middle:])
    return tf.concat([first, second], axis=0)


# Not compiled as a whole: XLA folds a transposition into the loop beside it, which saves a copy but
# makes that loop read or write in leaps. Only what enters or leaves a compiled function keeps its
# order.
@Traced
def _by_kernels(geometry: Geometry, among_others: bool, inputs, outputs):
    """Sum over channels with columns and groups as the last axis, of which XLA takes many at once.

    Columns that one tap of neighbouring windows sees lie side by side: they are parted by their
    remainder by the stride.
    """
    dtype, groups, stride = inputs.dtype, geometry.groups, geometry.strides[1]
    inputs, outputs = wide(inputs), wide(outputs)  # once, not in each loop that reads them
    left, right = geometry.borders[1]
    right += -(left + geometry.sizes[1] + right) % stride
    # One row of zeros stands for all that are outside the image.
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


def _windows_of_sums(geometry: Geometry, inputs, outputs, dtype):
    # Compiled by itself this transposition takes twice as long as TensorFlow's.
    return _windows_first(geometry, _sums_over_channels(geometry, inputs, outputs, dtype))


@tf.function(jit_compile=True, autograph=False)
def _sums_over_channels(geometry: Geometry, inputs, outputs, dtype):
    """Return what each tap adds up over the channels.

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
            # All rows of taps in one loop, which reads the output gradients once for all.
            seen = tf.gather(view[:, :, first:end], rows, axis=1)
            sums.append(tf.reduce_sum(seen * outputs[:, :, tf.newaxis, first:end], axis=3))
        columns.append(tf.add_n(sums))
    return tf.cast(tf.concat(columns, axis=2), dtype)


def _windows_first(geometry: Geometry, sums):
    kernel_height, kernel_width = geometry.kernel_size
    _, out_height, _, row = sums.shape
    taps = (kernel_width, kernel_height)
    sums = tf.reshape(sums, (-1, out_height, *taps, row // geometry.groups, geometry.groups))
    return tf.transpose(sums, (0, 1, 4, 3, 2, 5))


_windows_of_sums_in_place = tf.function(_windows_of_sums, jit_compile=True, autograph=False)
