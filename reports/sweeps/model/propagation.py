"""Intervals of what is computed from several measured numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Uncertain:
    """A number with its 95 % interval, whose ends are NaN where it is unknown."""

    value: float
    low: float
    high: float

    @property
    def ends(self) -> tuple[float, float]:
        """Both ends of the interval."""
        return self.low, self.high


def propagated(function: Callable[[Floats], float], inputs: Sequence[Uncertain]) -> Uncertain:
    """Find the interval of a number that is computed from independent estimates.

    Each input is moved to the ends of its own interval alone. The distances by which the result
    moves down add as squares, and so do those by which it moves up. For a sum this is the method of
    variance estimates recovery (Zou and Donner 2008), which needs no symmetric intervals.

    Args:
        function: of the inputs' values, shape (inputs,).
        inputs: the estimates; they must be independent of each other.

    Returns:
        The function at the inputs' values, with its interval; unknown where one of theirs is.

    Example:
        >>> inputs = [Uncertain(1, 0.7, 1.3), Uncertain(2, 1.6, 2.4)]
        >>> propagated(lambda values: values.sum(), inputs)
        Uncertain(value=3.0, low=2.5, high=3.5)
    """
    values = np.array([each.value for each in inputs], dtype=float)
    centre = float(function(values))
    moves = np.zeros((len(inputs), 2))
    for place, each in enumerate(inputs):
        for side, end in enumerate(each.ends):
            moved = values.copy()
            moved[place] = end
            moves[place, side] = function(moved) - centre
    down = np.minimum(moves.min(axis=1, initial=0.0), 0.0)
    up = np.maximum(moves.max(axis=1, initial=0.0), 0.0)
    return Uncertain(
        centre, centre - float(np.sqrt((down**2).sum())), centre + float(np.sqrt((up**2).sum()))
    )
