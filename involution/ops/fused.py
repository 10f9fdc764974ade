"""Involution as a sum of shifted inputs, compiled by XLA into a few loops.

Tap (i, j) of every window together is one shifted view of the padded input. XLA turns the sum
of these views times their kernels into one loop that reads each number from the cache, and
never holds the windows themselves.

With weights on the outputs, the sum of all outputs is a form that is linear in inputs, in kernels
and in those weights. Involution and its two gradients are the three derivatives of this form, and
the derivatives of each are the other two: gradients of any order are made of the same functions.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np
import tensorflow as tf

# Each is a second or so of compilation and some memory that is never given back; a model has a
# few dozen at most, so beyond this the shapes change from call to call.
MAX_COMPILED = 256

# In a loop over more taps XLA runs out of registers and takes a multiple of the time.
MAX_TAPS = 121

# Up to this many numbers are summed without a loop, which leaves the loop over columns as the
# innermost one, of which XLA takes many at once.
MAX_CHANNELS = 24

# With fewer groups, writing gradients window by window as they are summed leaps too often.
MIN_GROUPS_IN_PLACE = 4

_seen: set[tuple] = set()


class Geometry(NamedTuple):
    """What the compiled functions know of a problem beside their tensors; hashable."""

    sizes: tuple[int, int]
    kernel_size: tuple[int, int]
    strides: tuple[int, int]
    dilation_rate: tuple[int, int]
    borders: tuple[tuple[int, int], tuple[int, int]]
    groups: int


def involve(inputs, kernels, strides, dilation_rate, borders):
    """Compute involution from shifted inputs.

    A function is compiled once for each geometry, dtype and batch size, and shared by all
    layers that have them.

    Args:
        inputs: (batch, height, width, channels), all but the batch known.
        kernels: (batch, out_height, out_width, kernel_height, kernel_width, groups), all but
            the batch known.
        strides: (vertical, horizontal), in pixels.
        dilation_rate: (vertical, horizontal), in pixels.
        borders: ((top, bottom), (left, right)), zeros around the input.

    Returns:
        (batch, out_height, out_width, channels).
    """
    geometry = Geometry(
        tuple(inputs.shape[1:3]),
        tuple(kernels.shape[3:5]),
        strides,
        dilation_rate,
        borders,
        kernels.shape[5],
    )
    return _derivative(geometry, "outputs", inputs=inputs, kernels=kernels)


@lru_cache
def is_available() -> bool:
    """Return whether TensorFlow can compile by XLA on this machine."""
    with tf.init_scope():  # at once, also where the caller builds a graph
        try:
            tf.function(lambda x: x + 1, jit_compile=True)(tf.constant(0.0))
        except (tf.errors.OpError, ValueError):
            return False
    return True


def takes(inputs, kernels, strides, dilation_rate, borders) -> bool:
    """Return whether `involve` can compute this here, and note that it will.

    Args:
        inputs: as for `involve`.
        kernels: as for `involve`.
        strides: as for `involve`.
        dilation_rate: as for `involve`.
        borders: as for `involve`.

    Returns:
        False if a size but the batch is unknown, or if too many problems have been compiled.
    """
    if None in (*inputs.shape[1:], *kernels.shape[1:]):
        return False
    problem = (
        *(inputs.dtype, *inputs.shape, *kernels.shape),
        *(strides, dilation_rate, borders),
    )
    if problem not in _seen and len(_seen) >= MAX_COMPILED:
        return False
    _seen.add(problem)
    return True


def _derivative(geometry: Geometry, by: str, **others):
    """Return the derivative of the trilinear form by one of its three tensors.

    Args:
        geometry: of the problem.
        by: "inputs", "kernels" or "outputs".
        **others: the other two tensors, by name.

    Returns:
        A tensor of the shape of `by`.
    """

    @tf.custom_gradient
    def function(*tensors):
        known = dict(zip(others, tensors, strict=True))

        def gradients(upstream):
            first, second = known
            with tf.name_scope("gradient_tape/core"):  # as a profiler finds other gradients
                by_second = _derivative(geometry, second, **{by: upstream, first: known[first]})
                # One after the other: at once they take as long, and the memory of both.
                with tf.control_dependencies([by_second]):
                    by_first = _derivative(geometry, first, **{by: upstream, second: known[second]})
            return by_first, by_second

        return _DERIVATIVES[by](geometry, **known), gradients

    return function(*others.values())


def _in_parts(function):
    """Return a function that sums over all taps by parts of `MAX_TAPS` at most."""

    def over_all_rows(geometry: Geometry, **known):
        kernel_height, kernel_width = geometry.kernel_size
        parts = min(-(-kernel_height * kernel_width // MAX_TAPS), kernel_height)
        ends = [part * kernel_height // parts for part in range(parts + 1)]
        sums = [function(geometry, rows, **known) for rows in pairwise(ends)]
        dtype = next(iter(known.values())).dtype
        return sums[0] if parts == 1 else tf.cast(tf.add_n(sums), dtype)

    return over_all_rows


@tf.function(jit_compile=True, autograph=False)
def _by_outputs(geometry: Geometry, kernel_rows: tuple[int, int], inputs, kernels):
    windows = kernels.shape[1:3]
    views = _padded(geometry, inputs)
    rows = []
    for i in range(*kernel_rows):
        # A sum for each row of taps: one chain of all taps would be as long as its latencies.
        row = [
            _view(geometry, views, windows, i, j) * _wide(kernels[:, :, :, i, j, :, tf.newaxis])
            for j in range(geometry.kernel_size[1])
        ]
        rows.append(tf.add_n(row))
    outputs = tf.reshape(tf.add_n(rows), (-1, *windows, inputs.shape[3]))
    return _narrow(geometry, kernel_rows, outputs, inputs.dtype)


# Not compiled as a whole: XLA folds a transposition into the loop beside it, which saves a copy but
# makes that loop read or write in leaps. Only what enters or leaves a compiled function keeps its
# order.
@tf.function(autograph=False)
def _by_kernels(geometry: Geometry, inputs, outputs):
    """Sum over channels with columns and groups as the last axis, of which XLA takes many at once.

    Columns that one tap of neighbouring windows sees lie side by side: they are parted by their
    remainder by the stride.
    """
    groups, stride = geometry.groups, geometry.strides[1]
    top_bottom, (left, right) = geometry.borders
    right += -(left + geometry.sizes[1] + right) % stride
    inputs = _split(tf.pad(inputs, [(0, 0), top_bottom, (left, right), (0, 0)]), groups)
    _, height, width, _, channels = inputs.shape
    inputs = tf.reshape(inputs, (-1, height, width // stride, stride, groups, channels))
    inputs = tf.transpose(inputs, (0, 1, 3, 5, 2, 4))
    inputs = tf.reshape(inputs, (-1, height, stride, channels, width // stride * groups))
    windows = outputs.shape[1:3]
    outputs = tf.transpose(_split(outputs, groups), (0, 1, 4, 2, 3))
    outputs = tf.reshape(outputs, (-1, windows[0], channels, windows[1] * groups))
    function = _windows_of_sums if groups < MIN_GROUPS_IN_PLACE else _windows_of_sums_in_place
    return function(geometry, inputs, outputs)


def _windows_of_sums(geometry: Geometry, inputs, outputs):
    return _windows_first(geometry, _sums_over_channels(geometry, inputs, outputs))


@tf.function(jit_compile=True, autograph=False)
def _sums_over_channels(geometry: Geometry, inputs, outputs):
    """Return what each tap adds up over the channels.

    Args:
        geometry: of the problem.
        inputs: (batch, padded height, remainder, group's channels, columns * groups).
        outputs: (batch, out_height, group's channels, out_width * groups).

    Returns:
        (batch, out_height, kernel_width * kernel_height, out_width * groups).
    """
    kernel_height, kernel_width = geometry.kernel_size
    _, out_height, channels, row = outputs.shape
    rows = geometry.strides[0] * np.arange(out_height)[:, np.newaxis]
    rows = rows + geometry.dilation_rate[0] * np.arange(kernel_height)
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
            seen = _wide(tf.gather(view[:, :, first:end], rows, axis=1))
            sums.append(tf.reduce_sum(seen * _wide(outputs[:, :, tf.newaxis, first:end]), axis=3))
        columns.append(tf.add_n(sums))
    return tf.cast(tf.concat(columns, axis=2), inputs.dtype)


@tf.function(jit_compile=True, autograph=False)
def _windows_first(geometry: Geometry, sums):
    kernel_height, kernel_width = geometry.kernel_size
    _, out_height, _, row = sums.shape
    taps = (kernel_width, kernel_height)
    sums = tf.reshape(sums, (-1, out_height, *taps, row // geometry.groups, geometry.groups))
    return tf.transpose(sums, (0, 1, 4, 3, 2, 5))


_windows_of_sums_in_place = tf.function(_windows_of_sums, jit_compile=True, autograph=False)


@tf.function(jit_compile=True, autograph=False)
def _by_inputs(geometry: Geometry, kernel_rows: tuple[int, int], kernels, outputs):
    """Gather, for each input pixel, the windows that hold it.

    Pixels with the same remainder by the stride, counted from the first window, are held by the
    same taps: for each remainder this is a sum of shifted views like the outputs.
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
    views = _wide(_split(tf.pad(outputs, around), geometry.groups))
    # XLA copies along the last axis, and that of the kernels may be as short as one number.
    flat = tf.pad(
        tf.reshape(kernels, (-1, *kernels.shape[1:3], math.prod(kernels.shape[3:]))), around
    )
    kernels = _wide(tf.reshape(flat, (-1, *flat.shape[1:3], *kernels.shape[3:])))
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
    return _narrow(geometry, kernel_rows, gradients, outputs.dtype)


_DERIVATIVES = {
    "inputs": _in_parts(_by_inputs),
    "kernels": _by_kernels,
    "outputs": _in_parts(_by_outputs),
}


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


def _padded(geometry: Geometry, inputs):
    return _split(tf.pad(inputs, [(0, 0), *geometry.borders, (0, 0)]), geometry.groups)


def _split(channels_last, groups: int):
    *positions, channels = channels_last.shape
    return tf.reshape(channels_last, (-1, *positions[1:], groups, channels // groups))


def _view(geometry: Geometry, padded, windows, i: int, j: int):
    """Return what tap (i, j) of every window sees."""
    spans = []
    for tap, stride, dilation, count in zip(
        (i, j), geometry.strides, geometry.dilation_rate, windows, strict=True
    ):
        start = tap * dilation
        spans.append(slice(start, start + (count - 1) * stride + 1, stride))
    return _wide(padded[:, spans[0], spans[1]])


def _wide(tensor):
    """Return 16-bit floats as 32-bit ones, in which sums are taken."""
    return tf.cast(tensor, tf.float32) if tensor.dtype.size < 4 else tensor


def _narrow(geometry: Geometry, kernel_rows: tuple[int, int], sums, dtype):
    """Return the sums in their own dtype, or as they are where other parts will be added."""
    return tf.cast(sums, dtype) if kernel_rows == (0, geometry.kernel_size[0]) else sums
