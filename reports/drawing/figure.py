"""A figure as a value: what was drawn, and the words around it. Nothing parses it again."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

# Outlines of the points of a legend, on a square of 14; other shapes are drawn as a disc.
OUTLINES = {
    "s": "M2 2h10v10h-10z",
    "D": "M7 1l6 6l-6 6l-6 -6z",
    "^": "M7 1l6 11h-12z",
    "v": "M7 13l6 -11h-12z",
    ">": "M13 7l-11 -6v12z",
    "<": "M1 7l11 -6v12z",
    "p": "M7 1l6 4.4l-2.3 7.1h-7.4l-2.3 -7.1z",
    "P": "M5 1h4v4h4v4h-4v4h-4v-4h-4v-4h4z",
    "X": "M4 1l3 3l3 -3l3 3l-3 3l3 3l-3 3l-3 -3l-3 3l-3 -3l3 -3l-3 -3z",
    "*": "M7 1l1.8 4.2l4.6 .4l-3.5 3l1.1 4.5l-4 -2.4l-4 2.4l1.1 -4.5l-3.5 -3l4.6 -.4z",
}
DISC = "M7 2a5 5 0 1 0 .01 0z"


@dataclass(frozen=True)
class Swatch:
    """An entry of a legend: a series, its colour and the shape of its points.

    Attributes:
        label: the name of the series.
        colour: as #rrggbb.
        marker: matplotlib's letter for the shape.
    """

    label: str
    colour: str
    marker: str

    @property
    def outline(self) -> str:
        """The shape as the data of an SVG path, on a square of 14 by 14."""
        return OUTLINES.get(self.marker, DISC)


@dataclass(frozen=True)
class Panel:
    """One plot.

    Attributes:
        name: identifies it on its page, and names its file; all ids in `body` begin with it.
        size: width and height in pixels, at which the text has its natural size.
        title: what the plot is, for readers who do not see it.
        description: what it shows, for the same readers.
        body: SVG elements for a view box from 0, 0 to `size`; safe to place in HTML.
    """

    name: str
    size: tuple[float, float]
    title: str
    description: str
    body: Markup


@dataclass(frozen=True)
class Figure:
    """Plots that belong together, with the words around them.

    Attributes:
        name: identifies it on its page; the names of its panels begin with it.
        title: the finding.
        caption: how to read it, and what it is drawn from.
        panels: the plots, in order.
        legend: the series, in order; empty where the plots name them.
        directions: the directions that line styles tell apart; empty where there are none.
    """

    name: str
    title: str
    caption: str
    panels: Sequence[Panel]
    legend: Sequence[Swatch] = ()
    directions: Sequence[str] = ()


def joined(*parts: str) -> str:
    """Join the parts of a name; an empty part is left out.

    Example:
        >>> joined("run-1", "stride"), joined("", "stride")
        ('run-1-stride', 'stride')
    """
    return "-".join(filter(None, parts))
