"""Axes of figures: the place of each value, the ticks, and labels that keep apart."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator
from numpy.typing import NDArray

from reports.drawing.theme import GRID
from reports.text import words

# More ticks than this run into each other in the smallest plot.
MOST_TICKS = 7
# Letters: the longest name of a tick, the gap between two, and all that fit under a plot which has
# labels at its side.
LONGEST_TICK, GAP, MOST_LETTERS = 12, 1, 42
# Room around the outermost values: a share of the axis, and at least a factor.
ROOM = 0.06
LEAST_ROOM = 1.08


@dataclass(frozen=True)
class Scale:
    """The horizontal axis of a sweep: its values, and whether they are spread by ratio."""

    values: tuple[Any, ...]
    logarithmic: bool

    @classmethod
    def of(cls, values: pd.Series) -> "Scale":
        """Choose a scale: logarithmic for 8, 16, 32; even steps for strings.

        Args:
            values: those of the axis, in any order.
        """
        ordered = words.in_order(values)
        return cls(tuple(ordered), _grows_by_ratio(ordered))

    @property
    def positions(self) -> dict[Any, float]:
        """The place of each value; strings are one step apart."""
        if any(isinstance(value, str) for value in self.values):
            return {value: float(step) for step, value in enumerate(self.values)}
        return {value: float(value) for value in self.values}

    def placed(self, records: pd.DataFrame) -> pd.DataFrame:
        """Add the position of each record as column `x`.

        Args:
            records: with `axis_value`.
        """
        return records.assign(x=records["axis_value"].map(self.positions).astype(float))

    def apply(self, axes: Axes, title: str) -> None:
        """Set the scale, ticks at the values, and the title.

        Args:
            axes: where to.
            title: of the axis, with its unit.
        """
        if self.logarithmic:
            axes.set_xscale("log", base=2)
        places = self.positions
        axes.xaxis.set_major_locator(FixedLocator(list(places.values())))
        axes.xaxis.set_minor_locator(NullLocator())
        names, rotation = _fitting([words.value(value)[:LONGEST_TICK] for value in places])
        axes.set_xticks(list(places.values()), names, rotation=rotation)
        axes.set_xlabel(title)
        if any(isinstance(value, str) for value in self.values):
            axes.set_xlim(-0.5, len(places) - 0.5)
            axes.grid(visible=False, axis="x")
            for step in range(1, len(places)):
                axes.axvline(step - 0.5, color=GRID, linewidth=0.8, zorder=0)


def _fitting(names: list[str]) -> tuple[list[str], float]:
    """Lay names of ticks out next to each other: in one line, in two, or upright, by an angle."""
    for candidate in (names, [name.replace(", ", "\n") for name in names]):
        widths = [max(map(len, name.split("\n"))) + GAP for name in candidate]
        # Names are one step apart, so that the widest needs as much room as all others.
        if max(widths) * len(widths) <= MOST_LETTERS:
            return candidate, 0.0
    return names, 90.0


def _grows_by_ratio(values: Sequence[Any]) -> bool:
    """Tell whether equal ratios describe the steps better than equal differences."""
    if len(values) < 3 or any(isinstance(v, str) or v <= 0 for v in values):
        return False
    numbers = np.asarray(values, dtype=float)
    steps, ratios = np.diff(numbers), np.diff(np.log2(numbers))
    return bool(np.std(ratios) / np.mean(ratios) < np.std(steps) / np.mean(steps))


def span(values: Iterable[float]) -> tuple[float, float]:
    """Find the ends of a logarithmic axis that shows all values above zero.

    Args:
        values: in any order; those not finite or not above zero are passed over.

    Returns:
        The lowest and the highest value shown, with some room around the given ones.
    """
    known = [value for value in values if math.isfinite(value) and value > 0] or [1.0]
    low, high = min(known), max(known)
    room = max(LEAST_ROOM, (high / low) ** ROOM)
    return low / room, high * room


def apply_log(
    axes: Axes,
    ends: tuple[float, float],
    write: Callable[[float], str],
    *,
    binary: bool = False,
    vertical: bool = True,
) -> None:
    """Make an axis logarithmic with a few round ticks.

    Args:
        axes: where to.
        ends: the lowest and highest value shown.
        write: writes a tick's value as a string.
        binary: whether round means powers of two.
        vertical: which axis.
    """
    name = "y" if vertical else "x"
    axes.set(**{f"{name}scale": "log", f"{name}lim": ends})
    axis = axes.yaxis if vertical else axes.xaxis
    axis.set_major_locator(FixedLocator(ticks(*ends, binary=binary)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: write(value)))
    axis.set_minor_locator(NullLocator())


def ticks(low: float, high: float, *, binary: bool = False) -> list[float]:
    """Choose round ticks between two values.

    Args:
        low: lowest value.
        high: highest value.
        binary: whether round means powers of two.

    Returns:
        Two to seven ticks: 1, 2, 5, 10 or powers of two; even steps where the values are
        too close for that.
    """
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    powers = range(math.floor(math.log2(low)), math.ceil(math.log2(high)) + 1)
    choices = (
        [[2.0**p for p in powers if p % step == 0] for step in (1, 2, 5, 10)]
        if binary
        else [[f * 10.0**d for d in decades for f in few] for few in ((1, 2, 5), (1, 3), (1,))]
    )
    for choice in choices:
        inside = [tick for tick in choice if low <= tick <= high]
        if len(inside) <= MOST_TICKS:
            break
    else:
        inside = inside[:: math.ceil(len(inside) / MOST_TICKS)]
    if len(inside) >= 2:
        return inside
    even = MaxNLocator(4).tick_values(low, high)
    return [float(tick) for tick in even if low <= tick <= high]


def fraction(values: NDArray[np.float64], ends: tuple[float, float]) -> list[float]:
    """Find the places of values on a logarithmic axis.

    Args:
        values: above zero.
        ends: the lowest and highest value shown.

    Returns:
        One per value, from 0 at the low end to 1 at the high end.
    """
    low, high = math.log(ends[0]), math.log(ends[1])
    return [(math.log(value) - low) / (high - low) for value in values]


def apart(places: Sequence[float], least: float) -> list[float]:
    """Move labels apart.

    Args:
        places: where labels want to be, ascending, as fractions of the axis.
        least: the least distance between two.

    Returns:
        Places at least that far apart; none is above 1 unless there is no room.
    """
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + least) if moved else place)
    ceiling = max(1.0, least * (len(moved) - 1))
    for index in range(len(moved) - 1, -1, -1):
        moved[index] = min(moved[index], ceiling)
        ceiling = moved[index] - least
    return moved
