"""What a drawn plot looks like in pixels: the boxes of its texts, and its points."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from matplotlib.figure import Figure as Plot
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from reports.drawing import panel as drawing

# Pixels by which boxes may overlap: measured boxes have some empty room above and below letters.
TOLERANCE = 1.5


@dataclass
class Layout:
    """One plot after it was drawn.

    Attributes:
        labels: text and box of each label in or next to the plot.
        ticks: text and box of each tick's label and of titles.
        points: the places of all markers, shape (points, 2).
        box: the whole plot.
    """

    box: Bbox
    labels: list[tuple[str, Bbox]] = field(default_factory=list)
    ticks: list[tuple[str, Bbox]] = field(default_factory=list)
    points: Any = field(default_factory=lambda: np.empty((0, 2)))

    @property
    def faults(self) -> list[str]:
        """Every label on another one, on a tick or on a point, and every text cut off."""
        everything = [*self.labels, *self.ticks]
        found = [
            f"{one!r} on {other!r}"
            for (one, box), (other, second) in combinations(everything, 2)
            if _overlap(box, second)
        ]
        found += [
            f"{text!r} on a point"
            for text, box in self.labels
            if any(_holds(box, point) for point in self.points)
        ]
        return found + [f"{text!r} cut off" for text, box in everything if _beyond(box, self.box)]


def _shrunk(box: Bbox) -> Bbox:
    return box.padded(-TOLERANCE)


def _overlap(one: Bbox, other: Bbox) -> bool:
    return bool(_shrunk(one).overlaps(_shrunk(other)))


def _holds(box: Bbox, point: Any) -> bool:
    return bool(_shrunk(box).contains(*point))


def _beyond(box: Bbox, whole: Bbox) -> bool:
    ends = box.x0 - whole.x0, whole.x1 - box.x1, box.y0 - whole.y0, whole.y1 - box.y1
    return min(ends) < -TOLERANCE


def _shown_ticks(axis: Any) -> list[Text]:
    """The labels of ticks between the ends of an axis: matplotlib draws no others."""
    low, high = sorted(axis.get_view_interval())
    ticks = axis.get_major_ticks()
    return [tick.label1 for tick in ticks if low <= tick.get_loc() <= high]


class _Recorded(Plot):
    """A plot that remembers its layout."""

    layouts: list[Layout]

    def draw(self, renderer: Any) -> None:
        super().draw(renderer)
        for axes in self.axes:
            layout = Layout(self.bbox.frozen())
            if not axes.axison:
                continue
            written = [text for text in axes.texts if text.get_visible() and text.get_text()]
            layout.labels = [(t.get_text(), Text.get_window_extent(t, renderer)) for t in written]
            titles = [axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label]
            named = [*_shown_ticks(axes.xaxis), *_shown_ticks(axes.yaxis), *titles]
            layout.ticks = [
                (t.get_text(), t.get_window_extent(renderer)) for t in named if t.get_text()
            ]
            drawn = [
                axes.transData.transform(np.column_stack(line.get_data()))
                for line in axes.lines
                if line.get_marker() not in (None, "None", "", "x")
            ]
            layout.points = np.concatenate([layout.points, *drawn])
            self.layouts.append(layout)


@contextlib.contextmanager
def recorded() -> Iterator[list[Layout]]:
    """Collect the layouts of all plots that are drawn inside the block."""
    layouts: list[Layout] = []
    plot = type("Recorded", (_Recorded,), {"layouts": layouts})
    before = drawing.Plot
    drawing.Plot = plot
    try:
        yield layouts
    finally:
        drawing.Plot = before
