"""One small plot, drawn by matplotlib, as a value."""

from collections.abc import Callable
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Plot

from reports.drawing.figure import Panel
from reports.drawing.renderer import FONT_SIZE, PanelCanvas, PanelRenderer
from reports.drawing.theme import GRID, INK, MUTED

# Points in a plot are pixels of the SVG's own coordinates.
POINTS_PER_INCH = 72
STYLE: dict[Any, Any] = {
    "figure.dpi": POINTS_PER_INCH,
    # Names come from files: a dollar sign in one is no formula.
    "text.parse_math": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "font.size": FONT_SIZE,
    "axes.titlesize": 13.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": FONT_SIZE,
    "text.color": INK,
    "axes.titlecolor": INK,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
}
# Matplotlib's own values, whatever a file of the reader of the code says; which backend it shows
# plots with does not concern a plot that is never shown.
DEFAULTS: dict[Any, Any] = {
    key: value
    for key, value in mpl.rcParamsDefault.items()
    if not key.startswith(("backend", "webagg", "tk.", "toolbar", "interactive"))
}


def panel(
    draw: Callable[[Axes], None],
    size: tuple[float, float],
    name: str,
    title: str,
    description: str,
) -> Panel:
    """Draw one plot.

    Args:
        draw: draws on the axes that it is given.
        size: width and height in pixels, at which the text has its natural size.
        name: unique on the page; all ids begin with it.
        title: what the plot is, for readers who do not see it.
        description: what it shows, for the same readers.
    """
    return panel_of_axes(lambda plot: draw(plot.subplots()), size, name, title, description)


def panel_of_axes(
    draw: Callable[[Plot], None],
    size: tuple[float, float],
    name: str,
    title: str,
    description: str,
) -> Panel:
    """Draw one plot that has several axes.

    Args:
        draw: adds axes to the plot that it is given, and draws on them.
        size: width and height in pixels, at which the text has its natural size.
        name: unique on the page; all ids begin with it.
        title: what the plot is, for readers who do not see it.
        description: what it shows, for the same readers.
    """
    renderer = PanelRenderer(size, name)
    with mpl.rc_context(DEFAULTS | STYLE):
        plot = Plot(
            figsize=(size[0] / POINTS_PER_INCH, size[1] / POINTS_PER_INCH), layout="constrained"
        )
        PanelCanvas(plot, renderer)
        draw(plot)
        plot.draw(renderer)
    return Panel(name, size, title, description, renderer.finished())
