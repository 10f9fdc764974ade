"""Involution and its gradients as plain loops, in double precision: the truth for the tests."""

import numpy as np


def borders(size, kernel_size, stride, padding, dilation):
    """Return the zeros before and after, and the number of windows, along one dimension."""
    extent = (kernel_size - 1) * dilation + 1
    if padding == "same":
        windows = int(np.ceil(size / stride))
        total = max((windows - 1) * stride + extent - size, 0)
        return total // 2, total - total // 2, windows
    zeros = 0 if padding == "valid" else padding
    windows = len(range(0, size + 2 * zeros - extent + 1, stride))
    return zeros, zeros, windows


def involve(
    inputs, kernels, *, strides=(1, 1), padding="same", dilation_rate=(1, 1), output_gradients=None
):
    """Return outputs, or the gradients (inputs, kernels) for given output gradients."""
    inputs, kernels = np.asarray(inputs, "float64"), np.asarray(kernels, "float64")
    batch, height, width, channels = inputs.shape
    _, out_height, out_width, kernel_height, kernel_width, groups = kernels.shape
    top, bottom, _ = borders(height, kernel_height, strides[0], padding, dilation_rate[0])
    left, right, _ = borders(width, kernel_width, strides[1], padding, dilation_rate[1])
    padded = np.pad(inputs, [(0, 0), (top, bottom), (left, right), (0, 0)])
    outputs = np.zeros((batch, out_height, out_width, channels))
    padded_gradients, kernel_gradients = np.zeros_like(padded), np.zeros_like(kernels)
    for h, w, i, j, c in np.ndindex(out_height, out_width, kernel_height, kernel_width, channels):
        y, x = h * strides[0] + i * dilation_rate[0], w * strides[1] + j * dilation_rate[1]
        g = c // (channels // groups)
        outputs[:, h, w, c] += kernels[:, h, w, i, j, g] * padded[:, y, x, c]
        if output_gradients is not None:
            gradient = np.asarray(output_gradients, "float64")[:, h, w, c]
            padded_gradients[:, y, x, c] += kernels[:, h, w, i, j, g] * gradient
            kernel_gradients[:, h, w, i, j, g] += padded[:, y, x, c] * gradient
    if output_gradients is None:
        return outputs
    input_gradients = padded_gradients[:, top : top + height, left : left + width]
    return input_gradients, kernel_gradients
