"""Events: the change points of several series that one commit explains."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reports.history.change_points import ChangePoint


@dataclass(frozen=True)
class Event:
    """Changes in one direction, at one place of one machine's timeline.

    Attributes:
        timeline: the number of the timeline.
        place: the first run after the event.
        before: the last run before it, with 95 % confidence.
        after: the first run after it, with 95 % confidence.
        points: the changes, the largest first.
    """

    timeline: int
    place: int
    before: int
    after: int
    points: list[ChangePoint]

    @property
    def is_slower(self) -> bool:
        """Whether it made operators slower."""
        return self.points[0].is_slower

    @property
    def is_of_baselines(self) -> bool:
        """Whether it is one of baselines, in seconds."""
        return self.points[0].is_baseline

    @property
    def lasting(self) -> list[ChangePoint]:
        """The changes that no later one has undone."""
        return [point for point in self.points if point.undone is None]

    @property
    def is_return(self) -> bool:
        """Whether it does nothing but bring series back to an earlier level.

        A slowdown that takes away a gain which had been held is more than that.
        """
        return all(point.is_return for point in self.points)

    @property
    def weight(self) -> float:
        """How much it matters: the logarithms of its lasting changes together."""
        return float(sum(abs(np.log(point.change)) for point in self.lasting))


def events(points: Sequence[ChangePoint]) -> list[Event]:
    """Gather change points that can be one event.

    The place that lies within the intervals of most change points explains all of these; then the
    next one, until none is left.

    Args:
        points: of one machine or several.

    Returns:
        Events, the one that matters most first. Series that are slower, those that are faster and
        baselines, which are judged in seconds, have events of their own.
    """
    kinds: dict[tuple[int, bool, bool], list[ChangePoint]] = {}
    for point in points:
        kinds.setdefault((point.timeline, point.is_slower, point.is_baseline), []).append(point)
    found = [event for own in kinds.values() for event in _of_kind(own)]
    return sorted(found, key=lambda event: (-event.weight, -event.place))


def _of_kind(points: list[ChangePoint]) -> Iterator[Event]:
    """Gather change points of one machine, direction and quantity."""
    rest = sorted(points, key=lambda point: -abs(np.log(point.change)))
    while rest:
        place = _best_place(rest)
        own = [point for point in rest if point.before < place <= point.after]
        rest = [point for point in rest if not point.before < place <= point.after]
        # The most certain change knows best where all of them lie.
        surest = min(own, key=lambda point: point.p_value)
        yield Event(own[0].timeline, place, surest.before, surest.after, own)


def _best_place(points: Sequence[ChangePoint]) -> int:
    """The place that explains most changes; among such places the one that is best most often."""
    covering = Counter(
        place for point in points for place in range(point.before + 1, point.after + 1)
    )
    likely = Counter(point.place for point in points)
    return max(covering, key=lambda place: (covering[place], likely[place], -place))
