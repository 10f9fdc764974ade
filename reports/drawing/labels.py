"""Names beside points: each where it covers the least."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from reports.drawing.panel import INK, SURFACE

# Shares of the plot: what a letter and a line take, and the half of a point.
LETTER, LINE, POINT = 0.0165, 0.055, 0.014
# Where a name may stand, best first: a step from the point, and the alignment there.
PLACES = (
    (1, 0, "left", "center"),
    (-1, 0, "right", "center"),
    (0, 1, "center", "bottom"),
    (0, -1, "center", "top"),
    (1, 1, "left", "bottom"),
    (1, -1, "left", "top"),
    (-1, 1, "right", "bottom"),
    (-1, -1, "right", "top"),
)
# Steps in points: beside the point, or a little off with a line that leads to it.
STEPS = (7.0, 20.0, 36.0)
# What a step is worth, in points covered: a line across the plot disturbs, too.
FARTHER = 0.3
# A name outside the plot is worse than one over this many points.
OUTSIDE = 50.0

Box = tuple[float, float, float, float]


def name_points(
    axes: Axes, names: Sequence[tuple[float, float, str]], points: NDArray[np.float64]
) -> None:
    """Write names beside points where they cover few points and no other name.

    Args:
        axes: with their scales and ends set.
        names: for each its point, in the units of the axes, and the text.
        points: all points of the plot, shape (points, 2).
    """
    taken = [_around(*place) for place in _fractions(axes, points)]
    for x, y, text in names:
        ((right, up),) = _fractions(axes, np.array([[x, y]]))
        choices = [(step, place) for step in STEPS for place in PLACES]
        boxes = [_box(axes, right, up, step, place, text) for step, place in choices]
        costs = [
            sum(_overlap(box, other) for other in taken)
            + OUTSIDE * _outside(box)
            + FARTHER * STEPS.index(step)
            for box, (step, _) in zip(boxes, choices, strict=True)
        ]
        best = int(np.argmin(np.round(costs, 3) + np.arange(len(costs)) * 1e-5))
        (step, (across, along, horizontal, vertical)) = choices[best]
        axes.annotate(
            text,
            xy=(x, y),
            xytext=(across * step, along * step),
            textcoords="offset points",
            ha=horizontal,
            va=vertical,
            color=INK,
            fontsize=11,
            zorder=6,
            bbox={"facecolor": SURFACE, "edgecolor": "none", "alpha": 0.75, "pad": 0.8},
            arrowprops={
                "arrowstyle": "-",
                "color": INK,
                "linewidth": 0.7,
                "shrinkA": 0,
                "shrinkB": 4,
                "relpos": (
                    {"left": 0.0, "center": 0.5, "right": 1.0}[horizontal],
                    {"bottom": 0.0, "center": 0.5, "top": 1.0}[vertical],
                ),
            }
            if step > STEPS[0]
            else None,
        )
        taken += [boxes[best]] * int(OUTSIDE)


def _fractions(axes: Axes, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where points lie between the ends of the axes, whatever their scales."""
    return np.asarray((axes.transScale + axes.transLimits).transform(points))


def _around(right: float, up: float) -> Box:
    return right - POINT, up - POINT, right + POINT, up + POINT


def _box(
    axes: Axes,
    right: float,
    up: float,
    step: float,
    place: tuple[int, int, str, str],
    text: str,
) -> Box:
    """The room that a name takes, as shares of the plot."""
    figure = axes.get_figure()
    assert isinstance(figure, Figure)
    # Of the figure, the axes and their labels take about this much.
    wide, high = 0.8 * 72 * figure.get_figwidth(), 0.75 * 72 * figure.get_figheight()
    across, along, horizontal, vertical = place
    width, height = len(text) * LETTER, LINE
    left = (
        right + across * step / wide - {"left": 0, "center": width / 2, "right": width}[horizontal]
    )
    foot = up + along * step / high - {"bottom": 0, "center": height / 2, "top": height}[vertical]
    return left, foot, left + width, foot + height


def _overlap(one: Box, other: Box) -> float:
    """The share of the smaller point or name that the other covers, at most 1."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return width * height / min(areas)


def _outside(box: Box) -> float:
    """How far a name reaches beyond the plot, as a share of it."""
    return max(0.0, -box[0]) + max(0.0, -box[1]) + max(0.0, box[2] - 1) + max(0.0, box[3] - 1)
