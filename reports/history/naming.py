"""What readers call a run: its commit, the day, and where its host shows the commit."""

from dataclasses import dataclass

import pandas as pd

from reports.history.commits import Commits, short
from reports.history.timelines import Timeline
from reports.text import units


@dataclass(frozen=True)
class RunName:
    """A run for readers.

    Attributes:
        name: the abbreviated hash of its commit, or the moment of its measurement.
        date: the day of the commit, or of the measurement; empty if the name says it.
        subject: that of the commit, empty if it is unknown.
        link: the address of the commit's web page, empty if there is none.
    """

    name: str
    date: str
    subject: str
    link: str

    @property
    def text(self) -> str:
        """All but the link, such as "f5192e9 (2026-11-27, Say it in plainer words)"."""
        about = ", ".join(filter(None, (self.date, self.subject)))
        return f"{self.name} ({about})" if about else self.name


def written(moment: pd.Timestamp, form: str = "%Y-%m-%d") -> str:
    """Write a moment, which a results file may not tell.

    Args:
        moment: NaT where it is unknown.
        form: of `strftime`. Default: the day.

    Example:
        >>> written(pd.Timestamp("2026-01-01 12:00")), written(pd.NaT)
        ('2026-01-01', 'unknown date')
    """
    return "unknown date" if pd.isna(moment) else moment.strftime(form)


def named(timeline: Timeline, place: int, commits: Commits) -> RunName:
    """Name a run.

    Args:
        timeline: the machine's.
        place: which of its runs.
        commits: what the repository knows.
    """
    run = dict(timeline.runs.iloc[place])
    commit, time = run["commit"], run["commit_time"]
    if not isinstance(commit, str):
        return RunName(written(run["measured_at"], "%Y-%m-%d %H:%M"), "", "", "")
    known = commits.known.get(commit)
    day: pd.Timestamp = run["measured_at"] if pd.isna(time) else time
    subject = known.subject if known else ""
    return RunName(short(commit), written(day), subject, commits.link(commit))


@dataclass(frozen=True)
class Span:
    """The runs between which a change lies.

    Attributes:
        before: the last run of the old level.
        after: the first run of the new level.
        commits: how many commits there are from one to the other, the latter included; None where
            the repository does not know.
    """

    before: RunName
    after: RunName
    commits: int | None

    @property
    def text(self) -> str:
        """Such as "after f5192e9, at the latest in 24875dc (3 commits)"."""
        found = f"after {self.before.name}, at the latest in {self.after.name}"
        if self.commits is None:
            return found
        return f"{found} ({units.counted(self.commits, 'commit')})"


def span(timeline: Timeline, before: int, after: int, commits: Commits) -> Span:
    """Name the runs between which a change lies.

    Args:
        timeline: the machine's.
        before: the last run of the old level.
        after: the first run of the new level.
        commits: what the repository knows.
    """
    first, last = (str(timeline.runs["commit"].iloc[place]) for place in (before, after))
    return Span(
        named(timeline, before, commits),
        named(timeline, after, commits),
        commits.between(first, last),
    )
