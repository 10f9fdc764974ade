"""The history of an archive as one value: its timelines, change points and events."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from reports.drawing.palette import with_looks
from reports.history.change_points import ChangePoint, Searched, search
from reports.history.commits import Commits
from reports.history.events import Event, events
from reports.history.shown import Shown
from reports.history.timelines import Timeline, timelines


@dataclass(frozen=True, eq=False)
class CommitHistory:
    """What many runs say of many commits.

    Attributes:
        timelines: one per kind of machine, those with most runs first.
        searched: what was searched for change points, and what was found.
        events: the change points that are one event, those that matter most first.
        commits: what the repository knows.
        uncommitted: how many runs were left out because of changes that were not committed.
    """

    timelines: Sequence[Timeline]
    searched: Searched
    events: Sequence[Event]
    commits: Commits = field(default_factory=Commits)
    uncommitted: int = 0

    def shown(self, timeline: int, series: int) -> Shown:
        """A series with its changes.

        Args:
            timeline: the number of the timeline.
            series: the number of the series in it.
        """
        own = [
            point
            for point in self.searched.points
            if (point.timeline, point.series) == (timeline, series)
        ]
        return Shown(self.timelines[timeline], series, own, self.commits)

    def of_point(self, point: ChangePoint) -> Shown:
        """The series of a change.

        Args:
            point: one of the changes.
        """
        return self.shown(point.timeline, point.series)


def history(records: pd.DataFrame, commits: Commits, *, by_date: bool = False) -> CommitHistory:
    """Find what changed in the runs of an archive.

    Args:
        records: of `load.records`.
        commits: what the repository knows; nothing, to order runs by date.
        by_date: whether the dates of commits decide the order, not git's.
    """
    found = [*timelines(with_looks(records), commits, by_date=by_date)]
    searched = search(found)
    uncommitted = records.loc[records["dirty"].isin([True]), "run"].nunique()
    return CommitHistory(found, searched, events(searched.points), commits, uncommitted)
