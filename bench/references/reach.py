"""Which pixels a query attends to, and the three products over them.

A group, or head, is channels // groups adjacent channels. Factors have one entry per window,
attended pixel and group.
"""

from collections.abc import Iterator
from typing import Any, Protocol, TypeAlias

import numpy as np

from bench.references.sums import multiplied, multiplied_gradients
from bench.references.truth import Array
from bench.references.windows import Indices, SampledWindows
from involution.geometry import pair

Mask: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]


class Reach(Protocol):
    """The pixels that each window attends to.

    Attributes:
        queries: (windows,), the pixel that each query is of.
        outside: (windows, attended), which of the attended pixels get no weight.
    """

    queries: Indices
    outside: Mask

    def pixels(self, inputs: Array) -> Array:
        """Return inputs of (batch, height, width, channels) as (pixels, channels)."""

    def image(self, pixels: Array) -> Array:
        """Return (batch, height, width, channels), the inverse of `pixels`."""

    def scores(self, rows: Array, pixels: Array) -> Array:
        """Return rows times pixels, summed over the channels of each group.

        Args:
            rows: (windows, channels).
            pixels: (pixels, channels).

        Returns:
            (windows, attended, groups).
        """

    def weighted(self, factors: Array, pixels: Array) -> Array:
        """Return factors times pixels, summed over the attended pixels.

        Args:
            factors: (windows, attended, groups).
            pixels: (pixels, channels).

        Returns:
            (windows, channels).
        """

    def spread(self, factors: Array, rows: Array) -> Array:
        """Return factors times rows, summed for each pixel over the windows that attend to it.

        Args:
            factors: (windows, attended, groups).
            rows: (windows, channels).

        Returns:
            (pixels, channels).
        """


class UnderWindow:
    """The reach of local attention: the pixels under the taps of a window, zeros around them.

    Args:
        windows: the windows.
    """

    def __init__(self, windows: SampledWindows) -> None:
        self._windows = windows
        taps = np.stack([pixels for _, pixels in windows.taps()], axis=1)
        self.queries: Indices = taps[:, taps.shape[1] // 2]
        self.outside: Mask = self.pixels(np.ones(windows.case.shape))[taps, 0] == 0

    def pixels(self, inputs: Array) -> Array:
        """Return the pixels with zeros around each image."""
        return self._windows.padded(inputs)

    def image(self, pixels: Array) -> Array:
        """Return the pixels of the images alone."""
        return self._windows.cropped(pixels)

    def scores(self, rows: Array, pixels: Array) -> Array:
        """Return rows times the pixels under the taps."""
        ones = np.ones((1, self.outside.shape[1], self._windows.case.groups))
        return multiplied_gradients(self._windows, pixels, ones, rows)[1]

    def weighted(self, factors: Array, pixels: Array) -> Array:
        """Return the sum over the taps."""
        return multiplied(self._windows, pixels, factors)

    def spread(self, factors: Array, rows: Array) -> Array:
        """Return the sum over the windows that have a tap on each pixel."""
        pixels = self.pixels(np.zeros(self._windows.case.shape))
        return self.pixels(multiplied_gradients(self._windows, pixels, factors, rows)[0])


class WholeImage:
    """The reach of attention over all positions: each pixel of the window's own image.

    Args:
        windows: the windows.
    """

    def __init__(self, windows: SampledWindows) -> None:
        self._shape = windows.case.shape
        self._groups = windows.case.groups
        self._images = np.unravel_index(windows.numbers, windows.shape)[0]
        batch, height, width, _ = self._shape
        vertical, horizontal = pair(windows.case.strides, "strides")
        numbers = np.arange(batch * height * width).reshape(batch, height, width)
        strided = numbers[:, ::vertical, ::horizontal]
        self.queries: Indices = strided.ravel()[windows.numbers]
        self.outside: Mask = np.zeros((len(windows.numbers), height * width), bool)

    def pixels(self, inputs: Array) -> Array:
        """Return the pixels of all images."""
        return inputs.reshape(-1, self._shape[3])

    def image(self, pixels: Array) -> Array:
        """Return the images."""
        return pixels.reshape(self._shape)

    def scores(self, rows: Array, pixels: Array) -> Array:
        """Return rows times all pixels of their image."""
        found = np.empty((*self.outside.shape, self._groups))
        for own, image in self._by_image():
            products = self._split(rows[own]) @ self._split(pixels[image]).swapaxes(1, 2)
            found[own] = products.transpose(1, 2, 0)
        return found

    def weighted(self, factors: Array, pixels: Array) -> Array:
        """Return the sum over the pixels of the image."""
        found = np.empty((len(factors), self._shape[3]))
        for own, image in self._by_image():
            found[own] = _joined(factors[own].transpose(2, 0, 1) @ self._split(pixels[image]))
        return found

    def spread(self, factors: Array, rows: Array) -> Array:
        """Return the sum over the windows of the image."""
        found = np.empty((self._shape[0] * self.outside.shape[1], self._shape[3]))
        for own, image in self._by_image():
            found[image] = _joined(factors[own].transpose(2, 1, 0) @ self._split(rows[own]))
        return found

    def _by_image(self) -> Iterator[tuple[Indices, slice]]:
        """Yield for each image its windows and its pixels."""
        size = self.outside.shape[1]
        for image in range(self._shape[0]):
            own = np.flatnonzero(self._images == image)
            yield own, slice(image * size, (image + 1) * size)

    def _split(self, values: Array) -> Array:
        """Return (groups, rows, channels of a group) from (rows, channels)."""
        return values.reshape(len(values), self._groups, -1).swapaxes(0, 1)


def _joined(values: Array) -> Array:
    """Return (rows, channels) from (groups, rows, channels of a group)."""
    return values.swapaxes(0, 1).reshape(values.shape[1], -1)
