"""What a history begins with: what got slower, since when, by how much."""

from collections.abc import Sequence

import pandas as pd

from reports.history.events import Event
from reports.history.findings import mean_change, subject, too_few
from reports.history.history import CommitHistory
from reports.history.naming import named
from reports.history.reach import reach, typical_commits
from reports.history.shown import Shown
from reports.history.tables import days
from reports.history.timelines import Timeline
from reports.sweeps.significance import POWER
from reports.text import units, words

# Events that a line names.
MOST_NAMED = 3


def title(history: CommitHistory) -> str:
    """Say the finding in one sentence, without a full stop.

    Args:
        history: of `history.history`.
    """
    slower, faster = _lasting(history)
    if slower:
        return _sentence(history, slower[0])
    quiet = _quiet(history)
    return f"{_sentence(history, faster[0])}; {quiet}" if faster else words.sentence_case(quiet)


def _quiet(history: CommitHistory) -> str:
    """Say that nothing got slower, or that nobody can tell."""
    most = max(map(typical_commits, history.timelines), default=0)
    if short := too_few(most, history.searched.tests):
        return short
    commits = sum(timeline.runs["step"].nunique() for timeline in history.timelines)
    return f"nothing got slower in {units.counted(commits, 'commit')}"


def lines(history: CommitHistory) -> list[str]:
    """Say what got slower, what got faster, and what did not change.

    Args:
        history: of `history.history`.

    Returns:
        Each line with a heading and a colon; none where no series is long enough.
    """
    if not history.searched.series:
        return []
    slower, faster = _lasting(history)
    return [
        f"Slower: {_named(history, slower)}",
        f"Faster: {_named(history, faster)}",
        f"No change found: {_unchanged(history)}",
    ]


def leading(history: CommitHistory) -> Shown | None:
    """Choose the series to show first: that of the leading event, or a typical one.

    Args:
        history: of `history.history`.

    Returns:
        The series; None where there is none.
    """
    slower, faster = _lasting(history)
    if slower or faster:
        return history.of_point([*slower, *faster][0].lasting[0])
    for number, timeline in enumerate(history.timelines):
        pairs = [*zip(timeline.series["operator"], timeline.series["implementation"], strict=True)]
        for pair in (*words.SUBJECTS, *pairs):
            if pair in pairs:
                return history.shown(number, pairs.index(pair))
    return None


def _lasting(history: CommitHistory) -> tuple[list[Event], list[Event]]:
    """The events of operators that no later one has undone: slower and faster ones."""
    found = [
        event
        for event in history.events
        if event.lasting and not event.is_of_baselines and not event.is_return
    ]
    return [e for e in found if e.is_slower], [e for e in found if not e.is_slower]


def _sentence(history: CommitHistory, event: Event) -> str:
    """Say what an event changed by how much since when, without a full stop."""
    timeline = history.timelines[event.timeline]
    name = words.sentence_case(subject(event, timeline))
    run = named(timeline, event.place, history.commits)
    change = units.times(mean_change(event.lasting))
    verb = "take" if " and " in name or name.endswith("operators") else "takes"
    return f"{name} {verb} {change} times as long since {run.name}"


def _named(history: CommitHistory, events: Sequence[Event]) -> str:
    if not events:
        most = max(map(typical_commits, history.timelines), default=0)
        is_short = bool(too_few(most, history.searched.tests))
        return "There are too few commits to tell." if is_short else "Nothing that lasts."
    parts = []
    for event in events[:MOST_NAMED]:
        run = named(history.timelines[event.timeline], event.place, history.commits)
        cases = _cases(event, history.timelines[event.timeline])
        about = f" ({run.date}, {run.subject})" if run.subject else ""
        parts.append(f"{_sentence(history, event)}{about}, {cases}.")
    rest = len(events) - len(parts)
    return " ".join(parts) + (f" And {units.counted(rest, 'more event')}." if rest else "")


def _cases(event: Event, timeline: Timeline) -> str:
    is_mean = timeline.series["is_mean"].iloc[[point.series for point in event.lasting]]
    count = int((~is_mean).sum())
    return f"in {units.counted(count, 'case')}" if count else "as the mean of its cases"


def _unchanged(history: CommitHistory) -> str:
    searched = history.searched
    changed = {(point.timeline, point.series) for point in searched.points}
    found = f"{searched.series - len(changed):,} of {searched.series:,} series."
    found_later = reach(searched)
    if found_later is None:
        return found
    if found_later.later is None:
        return (
            f"{found} There are too few commits to find a change of any size in one series alone: "
            f"among so many series that takes some {found_later.needed}."
        )
    return (
        f"{found} A change of {units.digits(100 * found_later.size, 2)} % in one typical series "
        f"alone would be found with a probability of {100 * POWER:.0f} % once "
        f"{found_later.later} commits have it."
    )


def facts(history: CommitHistory) -> list[str]:
    """Name machine, runs and days, each in a few words.

    Args:
        history: of `history.history`.
    """
    runs = [timeline.runs for timeline in history.timelines]
    if not runs:
        return []
    machines = (
        [history.timelines[0].machine]
        if len(runs) == 1
        else [units.counted(len(runs), "kind") + " of machines"]
    )
    return [
        *machines,
        units.counted(sum(map(len, runs)), "run"),
        days(pd.concat([each["measured_at"] for each in runs])),
    ]
