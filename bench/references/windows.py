"""Some windows of a case, and the pixels under their taps."""

from collections.abc import Iterator
from math import prod
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from bench.cases import Case

Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Indices: TypeAlias = np.ndarray[Any, np.dtype[np.intp]]

# For one seed, so that a check costs about the same at any resolution. A fault in one window of 500
# is missed by three seeds once in 500 cases; of 3072 windows or fewer, none is left out.
SAMPLED = 1024


class SampledWindows:
    """Some windows of an input.

    Padding "same" is TensorFlow's SAME: zeros split evenly, an odd one after the input.

    Args:
        case: the geometry.
        turn: which windows. Turns after each other take other windows, until all have been taken;
            the first takes the corners of each image, where most borders meet.

    Attributes:
        shape: (batch, out_height, out_width) of all windows.
        numbers: (windows,), which of them are meant.

    Example:
        >>> SampledWindows(Case(height=32), turn=0).numbers.shape
        (1024,)
    """

    def __init__(self, case: Case, turn: int) -> None:
        self.case = case
        along = [_along(case, dimension) for dimension in (0, 1)]
        self.shape = (case.batch, along[0].windows, along[1].windows)
        taken = np.arange(min(SAMPLED, prod(self.shape))) + turn * SAMPLED
        self.numbers: Indices = _order(self.shape).take(taken, mode="wrap")
        self._top, self._left = (each.before for each in along)
        self._amounts = [(0, 0), *((each.before, each.after) for each in along), (0, 0)]
        self._padded = (case.batch, *(each.padded for each in along))
        self._taps = [each.taps for each in along]
        image, row, column = np.unravel_index(self.numbers, self.shape)
        firsts = (image, row * along[0].stride, column * along[1].stride)
        self._first: Indices = np.ravel_multi_index(firsts, self._padded)

    def rows(self) -> Iterator[Indices]:
        """Yield for each row of taps the padded pixels of the windows: (windows, taps of a row)."""
        rows, columns = self._taps
        for row in rows:
            yield self._first[:, np.newaxis] + row * self._padded[2] + columns

    def taps(self) -> Iterator[tuple[int, Indices]]:
        """Number the taps of a window by rows, each with the padded pixel of every window.

        Windows differ, so no pixel occurs twice.
        """
        yield from enumerate(pixels for row in self.rows() for pixels in row.T)

    def padded(self, inputs: Array) -> Array:
        """Return the pixels of inputs with zeros around each image: (padded pixels, channels).

        Args:
            inputs: (batch, height, width, channels).
        """
        return np.pad(inputs, self._amounts).reshape(-1, self.case.channels)

    def cropped(self, pixels: Array) -> Array:
        """Return the pixels of the images alone: (batch, height, width, channels).

        Args:
            pixels: (padded pixels, channels).
        """
        images = pixels.reshape(*self._padded, self.case.channels)
        rows = slice(self._top, self._top + self.case.height)
        return images[:, rows, self._left : self._left + self.case.width]

    def of(self, values: Array) -> Array:
        """Return the values of these windows: (windows, ...).

        Args:
            values: (batch, out_height, out_width, ...).
        """
        found: Array = values.reshape(prod(self.shape), *values.shape[3:])[self.numbers]
        return found

    def among_all(self, values: Array) -> Array:
        """Return values of all windows, zero but for these: (batch, out_height, out_width, ...).

        Args:
            values: (windows, ...).
        """
        everywhere = np.zeros((prod(self.shape), *values.shape[1:]))
        everywhere[self.numbers] = values
        return everywhere.reshape(*self.shape, *values.shape[1:])


def _order(shape: tuple[int, int, int]) -> Indices:
    """Return the numbers of all windows, the corners of each image first, the rest at random."""
    shuffled = np.random.default_rng(0).permutation(prod(shape))
    _, rows, columns = np.unravel_index(shuffled, shape)
    at_corner = np.isin(rows, [0, shape[1] - 1]) & np.isin(columns, [0, shape[2] - 1])
    return np.concatenate([shuffled[at_corner], shuffled[~at_corner]])


class Along(NamedTuple):
    """The windows along one dimension.

    Attributes:
        windows: how many there are.
        stride: pixels from one to the next.
        taps: (taps,), the pixels of a window from its first one.
        before: zeros before the input.
        after: zeros after the input.
        padded: pixels of the input and zeros.
    """

    windows: int
    stride: int
    taps: Indices
    before: int
    after: int
    padded: int


def _along(case: Case, dimension: int) -> Along:
    size = case.shape[1 + dimension]
    taps, stride, dilation = (
        sides if isinstance(sides, int) else sides[dimension]
        for sides in (case.kernel_size, case.strides, case.dilation_rate)
    )
    extent = dilation * (taps - 1) + 1
    if case.padding == "same":
        windows = -(-size // stride)
        zeros = max((windows - 1) * stride + extent - size, 0)
    else:
        zeros = 0 if case.padding == "valid" else 2 * case.padding
        windows = (size + zeros - extent) // stride + 1
    before = zeros // 2
    offsets = dilation * np.arange(taps)
    return Along(windows, stride, offsets, before, zeros - before, size + zeros)
