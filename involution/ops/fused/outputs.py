"""Involution's outputs: shifted views of the padded input times their kernels, summed."""

import tensorflow as tf

from involution.ops.fused.problem import Geometry, narrow, split, wide


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
    padded = tf.pad(inputs, [(0, 0), *geometry.borders, (0, 0)])
    views = split(padded, geometry.groups)
    rows = []
    for i in range(*kernel_rows):
        # A sum for each row of taps: one chain of all taps would be as long as its latencies.
        row = [
            _view(geometry, views, windows, i, j) * wide(kernels[:, :, :, i, j, :, tf.newaxis])
            for j in range(geometry.kernel_size[1])
        ]
        rows.append(tf.add_n(row))
    outputs = tf.reshape(tf.add_n(rows), (-1, *windows, inputs.shape[3]))
    return narrow(geometry, kernel_rows, outputs, inputs.dtype)


def _view(geometry: Geometry, padded, windows, i: int, j: int):
    """Return what tap (i, j) of every window sees."""
    spans = []
    for tap, stride, dilation, count in zip(
        (i, j), geometry.strides, geometry.dilation_rate, windows, strict=True
    ):
        start = tap * dilation
        spans.append(slice(start, start + (count - 1) * stride + 1, stride))
    return wide(padded[:, spans[0], spans[1]])
