"""Figures of the history: values over commits, with their levels and changes."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullLocator

from reports.drawing import scales
from reports.drawing.figure import Figure, Panel, joined
from reports.drawing.panel import panel
from reports.drawing.theme import BAND, INK, MUTED, SURFACE
from reports.history.change_points import ChangePoint
from reports.history.naming import named
from reports.history.shown import Shown, levels, levels_in_words
from reports.history.thinning import MOST_POINTS, Line, line
from reports.history.timelines import Timeline
from reports.text import units

# Pixels. Narrow enough that the text can still be read on a phone.
SIZE = (460.0, 250.0)
# Names of commits that have room under a plot.
MOST_NAMES = 4
AXES = {
    "ratio": ("Time, baseline = 1", units.ratio_tick),
    "seconds": ("Time", lambda value: units.tick(value, units.SECONDS)),
}
CAPTION = (
    "Each point is a run, in the order of the commits, with the 95 % interval of its rounds. The "
    "dark line is the level; a dotted line marks where it changes, and the grey band reaches over "
    "the runs among which the change lies with 95 % confidence. "
    f"Of more than {MOST_POINTS} runs, each point is the median of a stretch of them."
)


def series_panel(shown: Shown, quantity: str, name: str) -> Panel:
    """Draw one quantity of a series over commits.

    Args:
        shown: the series.
        quantity: "ratio" or "seconds".
        name: unique on the page.
    """
    row, drawn = shown.row, line(shown.timeline, shown.series, quantity)
    title = f"{row['name']}, {row['direction']}"
    return panel(
        partial(_draw, shown=shown, drawn=drawn, quantity=quantity),
        SIZE,
        name,
        f"{title}, {row['label']}: {AXES[quantity][0]}, over commits",
        _in_words(shown, drawn, quantity),
    )


def series_figure(shown: Sequence[Shown], title: str, name: str) -> Figure:
    """Draw what is judged of several series, each in a plot of its own.

    Args:
        shown: the series.
        title: the finding.
        name: unique on the page.
    """
    panels = [
        series_panel(each, str(each.row["quantity"]), joined(name, str(number)))
        for number, each in enumerate(shown)
    ]
    return Figure(name, title, CAPTION, panels)


def front_figure(shown: Shown, title: str, name: str) -> Figure:
    """Draw ratio and time of one series.

    Args:
        shown: the series.
        title: the finding.
        name: unique on the page.
    """
    quantities = ["seconds"] if shown.row["is_baseline"] else ["ratio", "seconds"]
    panels = [series_panel(shown, each, joined(name, each)) for each in quantities]
    return Figure(name, title, CAPTION, panels)


def _draw(axes: Axes, shown: Shown, drawn: Line, quantity: str) -> None:
    row, colour = shown.row, str(shown.row["colour"])
    ends = [drawn.middle, drawn.low, drawn.high]
    heading, write = AXES[quantity]
    scales.apply_log(axes, scales.span(np.concatenate(ends).tolist()), write)
    axes.set_title(f"{row['name']}, {row['direction']}\n{row['label']}")
    axes.set_ylabel(heading)
    axes.set_xlim(-0.7, shown.timeline.steps[-1] + 0.7)
    _name_commits(axes, shown)
    axes.grid(visible=False, axis="x")
    for point in shown.points:
        _mark(axes, shown.timeline, point)
    axes.vlines(drawn.x, drawn.low, drawn.high, colors=colour, linewidth=1.2, alpha=0.75)
    axes.plot(
        *(drawn.x, drawn.middle),
        color=colour,
        linestyle="",
        marker=row["marker"],
        markersize=4.5 if len(drawn.x) <= 60 else 3,
        markeredgecolor=SURFACE,
        markeredgewidth=0.4,
        zorder=3,
    )
    for start, end, value in levels(shown, quantity):
        axes.hlines(value, start - 0.5, end + 0.5, colors=INK, linewidth=1.4, zorder=4)


def _mark(axes: Axes, timeline: Timeline, point: ChangePoint) -> None:
    first, last = timeline.steps[point.before], timeline.steps[point.after]
    axes.axvspan(first + 0.5, last - 0.5, color=BAND, linewidth=0, alpha=0.5, zorder=0)
    middle = (timeline.steps[point.place - 1] + timeline.steps[point.place]) / 2
    axes.axvline(middle, color=MUTED, linewidth=1.1, linestyle=":", zorder=1)


def _name_commits(axes: Axes, shown: Shown) -> None:
    """Name the first and the last commit, and where levels begin, as far as there is room."""
    firsts = np.unique(shown.timeline.steps, return_index=True)[1].tolist()
    most = len(firsts) - 1
    starts = [int(shown.timeline.steps[point.place]) for point in shown.points]
    chosen: list[int] = []
    for step in (*starts, 0, most):
        if all(abs(step - other) > most / MOST_NAMES for other in chosen):
            chosen.append(step)
    axes.xaxis.set_major_locator(FixedLocator(chosen))
    axes.xaxis.set_minor_locator(NullLocator())
    names = [named(shown.timeline, firsts[step], shown.commits) for step in chosen]
    axes.set_xticks(chosen, ["\n".join(filter(None, (run.name, run.date))) for run in names])


def _in_words(shown: Shown, drawn: Line, quantity: str) -> str:
    found = levels_in_words(shown, quantity)
    count = units.counted(len(drawn.x), "point")
    return f"{count}. Levels in their order: {', '.join(found)}."
