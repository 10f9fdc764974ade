"""The sum over the taps of a window with a factor for each tap and group of channels."""

import numpy as np

from bench.references.truth import Array
from bench.references.windows import SampledWindows


def multiplied(windows: SampledWindows, padded: Array, kernels: Array) -> Array:
    """Return the sum over the taps of pixels times factors: (windows, channels).

    Args:
        windows: the windows.
        padded: (padded pixels, channels).
        kernels: (windows, taps, groups), or (1, taps, groups) for the same in each window. A group
            is channels // groups adjacent channels.
    """
    taken_shape = _by_groups(windows, padded, kernels)
    outputs = np.zeros(taken_shape)
    for tap, pixels in windows.taps():
        outputs += padded[pixels].reshape(taken_shape) * kernels[:, tap, :, np.newaxis]
    return outputs.reshape(len(windows.numbers), -1)


def multiplied_gradients(
    windows: SampledWindows, padded: Array, kernels: Array, upstream: Array
) -> tuple[Array, Array]:
    """Return the gradients of `multiplied` for the inputs and for the kernels of each window.

    Args:
        windows: the windows.
        padded: (padded pixels, channels).
        kernels: as for `multiplied`.
        upstream: (windows, channels), the gradient of the outputs.

    Returns:
        (batch, height, width, channels) and (windows, taps, groups).
    """
    taken_shape = _by_groups(windows, padded, kernels)
    upstream = upstream.reshape(taken_shape)
    to_padded = np.zeros_like(padded)
    to_kernels = np.empty((len(windows.numbers), *kernels.shape[1:]))
    for tap, pixels in windows.taps():
        taken = padded[pixels].reshape(taken_shape)
        to_kernels[:, tap] = np.einsum("wgc,wgc->wg", taken, upstream)
        to_taken = upstream * kernels[:, tap, :, np.newaxis]
        # Windows differ, so no pixel of a tap occurs twice.
        to_padded[pixels] += to_taken.reshape(len(pixels), -1)
    return windows.cropped(to_padded), to_kernels


def _by_groups(windows: SampledWindows, padded: Array, kernels: Array) -> tuple[int, int, int]:
    groups = kernels.shape[2]
    return len(windows.numbers), groups, padded.shape[1] // groups
