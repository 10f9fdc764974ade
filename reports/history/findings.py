"""Events of the history as sentences."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np

from reports.history.change_points import ChangePoint
from reports.history.events import Event
from reports.history.reach import needed
from reports.history.timelines import Timeline
from reports.text import units, words

# Operators that a title names.
MOST_NAMED = 2


def changes_in_words(event: Event, timeline: Timeline) -> list[str]:
    """Say what an event changed, operator by operator.

    Args:
        event: what happened.
        timeline: the machine's.

    Returns:
        One sentence per operator and direction, the one with the largest change first.
    """

    def operator(point: ChangePoint) -> tuple[str, str, bool]:
        row = _row(timeline, point)
        return str(row["name"]), str(row["direction"]), bool(row["is_baseline"])

    order = dict.fromkeys(map(operator, event.points))
    groups = {key: list(own) for key, own in groupby(sorted(event.points, key=operator), operator)}
    return [_sentence(key, groups[key], timeline) for key in order]


def _sentence(key: tuple[str, str, bool], points: Sequence[ChangePoint], timeline: Timeline) -> str:
    name, direction, is_baseline = key
    means = [point for point in points if _row(timeline, point)["is_mean"]]
    cases = [point for point in points if point not in means]
    begin = f"{words.sentence_case(name)}, {direction}"
    unit = " in seconds" if is_baseline else ""
    parts = [f"{_times(point, unit)} as the {_label(point, timeline)}" for point in means]
    if len(cases) == 1:
        parts.append(f"{_times(cases[0], unit)} at {_label(cases[0], timeline)}")
    elif cases:
        largest = max(cases, key=lambda point: abs(np.log(point.change)))
        parts.append(
            f"{len(cases)} of {units.counted(_count(timeline, key), 'case')} on their own, on "
            f"average {units.times(mean_change(cases))} times as long{unit}, most at "
            f"{_label(largest, timeline)}: {_times(largest, unit)}"
        )
    return f"{begin}: {'; '.join(parts)}{_undone(points)}."


def _times(point: ChangePoint, unit: str) -> str:
    span = units.bracket(point.low, point.high)
    return f"{units.times(point.change)} times as long{unit} ({span})"


def _label(point: ChangePoint, timeline: Timeline) -> str:
    return str(_row(timeline, point)["label"])


def _undone(points: Sequence[ChangePoint]) -> str:
    count = sum(point.undone is not None for point in points)
    if not count:
        return ""
    return "; undone since" if count == len(points) else f"; undone since in {count} of them"


def _count(timeline: Timeline, key: tuple[str, str, bool]) -> int:
    series = timeline.series
    is_same = (series["name"] == key[0]) & (series["direction"] == key[1])
    return int((is_same & (series["is_baseline"] == key[2]) & ~series["is_mean"]).sum())


def mean_change(points: Sequence[ChangePoint]) -> float:
    """Find the geometric mean of changes.

    Args:
        points: at least one.
    """
    return float(np.exp(np.mean([np.log(point.change) for point in points])))


def _row(timeline: Timeline, point: ChangePoint) -> dict[str, Any]:
    return dict(timeline.series.iloc[point.series])


def subject(event: Event, timeline: Timeline) -> str:
    """Name what an event changed for good, in a few words.

    Args:
        event: what happened; some of its changes last.
        timeline: the machine's.
    """
    points = event.lasting
    names = list(dict.fromkeys(str(_row(timeline, point)["name"]) for point in points))
    if len(names) > MOST_NAMED:
        return units.counted(len(names), "operator")
    if len(points) == 1:
        row = _row(timeline, points[0])
        return f"{names[0]} ({row['direction']}, {row['label']})"
    return words.listed(names)


def too_few(commits: int, tests: int) -> str:
    """Say that commits are too few to tell whether anything changed, without a full stop.

    Args:
        commits: of a typical series of one machine.
        tests: how many tests of ratios are made.

    Returns:
        How many there are and how many are needed; nothing if there are enough.

    Example:
        >>> too_few(3, 0).partition(": ")[2]
        'that takes at least 10'
    """
    least = needed(tests)
    if commits >= least:
        return ""
    verb = "is" if commits == 1 else "are"
    return (
        f"{units.counted(commits, 'commit')} of one machine {verb} too few to tell whether "
        f"anything got slower: that takes {'some' if tests else 'at least'} {least}"
    )
