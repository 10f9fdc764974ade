"""The history as tables of strings."""

from collections.abc import Callable

import pandas as pd
from markupsafe import Markup

from reports.history.change_points import ChangePoint
from reports.history.history import CommitHistory
from reports.history.levels import LEAST_RUNS
from reports.history.naming import RunName, named, span
from reports.history.shown import levels
from reports.history.timelines import Timeline
from reports.text import units
from reports.text.table import Table

# Runs that a series needs for a change.
LEAST = 2 * LEAST_RUNS

WriteRun = Callable[[RunName], str]


def linked(run: RunName) -> str:
    """Write a run as HTML, with a link to its commit if there is one.

    Args:
        run: to write.
    """
    if not run.link:
        return run.name
    return Markup('<a href="{}">{}</a>').format(run.link, run.name)


def changes(
    history: CommitHistory, timeline: int, write: WriteRun, most: int | None = None
) -> Table:
    """Lay out the change points of one machine, those that are slower first.

    Args:
        history: of `history.history`.
        timeline: the number of the timeline.
        write: writes the run where a new level begins.
        most: how many rows to show; all without it.
    """
    own = [point for point in history.searched.points if point.timeline == timeline]
    own.sort(key=lambda point: -point.change)
    shown = own[:most]
    cut = f" The first {len(shown)} are shown." if len(shown) < len(own) else ""
    return Table(
        caption=f"{units.counted(len(own), 'change')}, the largest slowdown first.{cut}",
        head=[
            *("Operator", "Direction", "Case", "Since", "Change", "Before and after"),
            *("Lies between", "Undone"),
        ],
        rows=[_row(history, point, write) for point in shown],
    )


def _row(history: CommitHistory, point: ChangePoint, write: WriteRun) -> list[str]:
    timeline = history.timelines[point.timeline]
    series = timeline.series.iloc[point.series]
    where = span(timeline, point.before, point.after, history.commits)

    def run(place: int) -> RunName:
        return named(timeline, place, history.commits)

    return [
        str(series["name"]),
        str(series["direction"]),
        str(series["label"]),
        write(run(point.place)),
        f"{units.ratio(point.change)}\n{units.bracket(point.low, point.high)}",
        _ends(history, point),
        f"{where.before.name} and {where.after.name}",
        units.UNKNOWN if point.undone is None else write(run(point.undone)),
    ]


def _ends(history: CommitHistory, point: ChangePoint) -> str:
    shown = history.of_point(point)
    quantity = str(shown.row["quantity"])
    number = [each.place for each in shown.points].index(point.place)
    values = [value for _, _, value in levels(shown, quantity)[number : number + 2]]
    if quantity == "ratio":
        return " -> ".join(map(units.ratio, values))
    return " -> ".join(units.quantity(value, units.SECONDS) for value in values)


def days(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """Write from which day to which.

    Args:
        first: any moment of the first day.
        last: any moment of the last day.

    Example:
        >>> days(pd.Timestamp("2026-01-01 12:00"), pd.Timestamp("2026-01-01 18:00"))
        '2026-01-01'
    """
    ends = dict.fromkeys([f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"])
    return " to ".join(ends)


def facts(timeline: Timeline) -> list[tuple[str, str]]:
    """List what is known of a machine and its runs.

    Args:
        timeline: the machine's.

    Returns:
        Labels and values.
    """
    runs = timeline.runs
    sizes = ", ".join(
        f"{count} {size}" for size, count in runs["sweep_size"].value_counts().items()
    )
    return [
        ("Machine", timeline.machine),
        ("Runs", f"{len(runs)} of {units.counted(runs['step'].nunique(), 'commit')}"),
        ("Sizes", sizes),
        ("Measured", days(runs["measured_at"].min(), runs["measured_at"].max())),
        *(
            ("Software", f"{software} ({units.counted(count, 'run')})")
            for software, count in runs["software"].value_counts(sort=False).items()
        ),
    ]
