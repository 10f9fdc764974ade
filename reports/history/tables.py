"""The history as tables of strings."""

from collections.abc import Callable

import pandas as pd
from markupsafe import Markup

from reports.history.change_points import ChangePoint
from reports.history.history import CommitHistory
from reports.history.levels import LEAST_RUNS
from reports.history.naming import RunName, named, written
from reports.history.shown import levels_in_words
from reports.history.timelines import Timeline
from reports.text import units
from reports.text.table import Table

# Commits that a series needs for a change.
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

    def run(place: int) -> RunName:
        return named(timeline, place, history.commits)

    return [
        str(series["name"]),
        str(series["direction"]),
        str(series["label"]),
        write(run(point.place)),
        f"{units.ratio(point.change)}\n{units.bracket(point.low, point.high)}",
        _ends(history, point),
        f"{run(point.before).name} and {run(point.after).name}",
        units.UNKNOWN if point.undone is None else write(run(point.undone)),
    ]


def _ends(history: CommitHistory, point: ChangePoint) -> str:
    shown = history.of_point(point)
    quantity = str(shown.row["quantity"])
    number = [each.place for each in shown.points].index(point.place)
    return " -> ".join(levels_in_words(shown, quantity)[number : number + 2])


def days(moments: pd.Series) -> str:
    """Write from which day to which.

    Args:
        moments: in any order; NaT where one is unknown.

    Example:
        >>> days(pd.to_datetime(pd.Series(["2026-01-01 12:00", "2026-01-01 18:00"])))
        '2026-01-01'
    """
    return " to ".join(dict.fromkeys([written(moments.min()), written(moments.max())]))


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
        ("Measured", days(runs["measured_at"])),
        *(
            ("Software", f"{software} ({units.counted(count, 'run')})")
            for software, count in runs["software"].value_counts(sort=False).items()
        ),
    ]
