"""Labels next to points, placed by the measured size of their text."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Plot
from numpy.typing import NDArray

from reports.drawing.theme import INK, SURFACE

# Pixels: half the width of a point, and the margin around a label.
POINT, MARGIN = 4.5, 2.0
# Pixels between the places along a line that a label should not cover, and half their width.
ALONG, LINE = 6.0, 1.5
# Pixels from a point to its label. A label that is farther away has a line that leads to it.
DISTANCES = (7.0, 20.0, 36.0, 56.0, 80.0, 110.0)
# What each step of the distance costs, in points covered: a line across the plot disturbs, too.
FARTHER = 0.3
# What covering another label or its line costs, and being outside the plot per pixel.
COVERED, OUTSIDE = 50.0, 1.0
# What covering a place of a line costs, in points covered.
CROSSED = 0.3

Horizontal = Literal["left", "center", "right"]
Vertical = Literal["bottom", "center", "top"]
HORIZONTAL: dict[int, Horizontal] = {1: "left", 0: "center", -1: "right"}
VERTICAL: dict[int, Vertical] = {1: "bottom", 0: "center", -1: "top"}
# Where a label may be, seen from its point; the best first.
SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
# Boxes that stand for the line from a point to its label.
STEPS = 12

# Pixels; left, bottom, right, top in each row.
Boxes = NDArray[np.float64]
Pixels = NDArray[np.float64]


@dataclass(frozen=True)
class _Place:
    """A place for a label: the side of its point, and how far away."""

    side: tuple[int, int]
    distance: float

    @property
    def step(self) -> tuple[float, float]:
        """From the point to the label, in pixels."""
        return self.side[0] * self.distance, self.side[1] * self.distance

    @property
    def has_leader(self) -> bool:
        """Whether a line leads from the label to its point."""
        return self.distance > DISTANCES[0]

    def room(self, point: Pixels, size: Pixels) -> Boxes:
        """The room of a label of some width and height, and of the line to its point."""
        low = point + self.step - size * (1 - np.array(self.side)) / 2
        box = np.concatenate([low, low + size])[None]
        if not self.has_leader:
            return box
        # The ends of the line are at the point and at the label themselves.
        shares = np.linspace(0, 1, STEPS)[1:-1, None]
        line = point + shares * np.array(self.step)
        return np.concatenate([box, np.concatenate([line - 1, line + 1], axis=1)])


PLACES = [_Place(side, distance) for distance, side in product(DISTANCES, SIDES)]


def label_points(
    axes: Axes,
    labels: Sequence[tuple[float, float, str]],
    points: NDArray[np.float64],
    *,
    lines: Sequence[NDArray[np.float64]] = (),
    color: str = INK,
    size: float = 11.0,
) -> None:
    """Write labels next to points, where they cover no other label, no point and few lines.

    A label for which there is no such place is left out.

    Args:
        axes: with all else drawn, and its scales and ends set.
        labels: for each label its point, in the units of the axes, and the text.
        points: all points of the plot, shape (points, 2).
        lines: what else to keep clear of, each a line through points of shape (points, 2).
        color: of the text.
        size: of the text, in points.
    """
    lay_out(axes)
    taken = _around(axes.transData.transform(points), POINT)
    crossed = _around(_along([axes.transData.transform(line) for line in lines]), LINE)
    covered = np.empty((0, 4))
    for x, y, text in labels:
        point, extent = axes.transData.transform((x, y)), _extent(axes, text, size)
        rooms = [place.room(point, extent) for place in PLACES]
        costs = [
            _covered(room, taken)
            + CROSSED * _covered(room, crossed)
            + COVERED * _covered(room, covered)
            + OUTSIDE * _outside(room, axes)
            + FARTHER * DISTANCES.index(place.distance)
            for place, room in zip(PLACES, rooms, strict=True)
        ]
        # Rounded, so that the order of the places decides between equal ones on every machine.
        is_free = [_is_free(room[:1], taken, covered, axes) for room in rooms]
        if not any(is_free):
            continue
        best = int(np.argmin(np.where(is_free, np.round(costs, 3), np.inf)))
        covered = np.concatenate([covered, rooms[best]])
        _write(axes, (x, y), text, PLACES[best], color=color, fontsize=size)


def lay_out(axes: Axes) -> None:
    """Run the layout, so that the axes have their final place in pixels.

    Args:
        axes: with all else drawn, and its scales and ends set.
    """
    plot = axes.get_figure()
    engine = plot.get_layout_engine() if isinstance(plot, Plot) else None
    if isinstance(plot, Plot) and engine is not None:
        engine.execute(plot)


def _extent(axes: Axes, text: str, size: float) -> Pixels:
    """Measure a label with its margins: width and height in pixels."""
    written = axes.text(0, 0, text, fontsize=size, transform=None)
    box = written.get_window_extent()
    written.remove()
    return np.array([box.width, box.height]) + 2 * MARGIN


def _is_free(box: Boxes, points: Boxes, labels: Boxes, axes: Axes) -> bool:
    """Say whether a label is inside the plot, and on no point and no other label."""
    return not (_covered(box, points) or _covered(box, labels) or _outside(box, axes))


def _around(spots: Pixels, half: float) -> Boxes:
    return np.concatenate([spots - half, spots + half], axis=1)


def _along(lines: Sequence[Pixels]) -> Pixels:
    """List places along lines, `ALONG` pixels apart."""
    places = [np.empty((0, 2))]
    for line in lines:
        for start, end in pairwise(line):
            count = int(np.ceil(np.hypot(*(end - start)) / ALONG)) + 1
            places.append(np.linspace(start, end, count))
    return np.concatenate(places)


def _covered(room: Boxes, others: Boxes) -> float:
    """How many other boxes a room covers, parts of them counted as parts."""
    low = np.maximum(room[:, None, :2], others[:, :2])
    high = np.minimum(room[:, None, 2:], others[:, 2:])
    common = np.prod(np.clip(high - low, 0, None), axis=2)
    return float((common / np.prod(others[:, 2:] - others[:, :2], axis=1)).sum())


def _outside(room: Boxes, axes: Axes) -> float:
    """How many pixels a room reaches beyond the plot."""
    low, high = axes.bbox.min, axes.bbox.max
    return float(np.clip([low - room[:, :2], room[:, 2:] - high], 0, None).sum())


def _write(axes: Axes, point: tuple[float, float], text: str, place: _Place, **font: Any) -> None:
    across, along = place.side
    leader = {
        "arrowstyle": "-",
        "color": INK,
        "linewidth": 0.7,
        "shrinkA": 0,
        "shrinkB": 4,
        # Where the line begins, as shares of the width and height of the text.
        "relpos": ((1 - across) / 2, (1 - along) / 2),
    }
    written = axes.annotate(
        text,
        xy=point,
        xytext=place.step,
        textcoords="offset points",
        ha=HORIZONTAL[across],
        va=VERTICAL[along],
        zorder=6,
        bbox={"facecolor": SURFACE, "edgecolor": "none", "alpha": 0.75, "pad": 0.8},
        arrowprops=leader if place.has_leader else None,
        **font,
    )
    # A label is inside the plot: it must not move the layout.
    written.set_in_layout(False)
