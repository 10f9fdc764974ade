"""Places that exist in a test alone: a rule says what becomes of tasks, and no clock sleeps."""

import heapq
from collections.abc import Callable
from itertools import count

from bench.cluster.places import Joined, Left, Place, Raised, Returned


class SimulatedPlaces:
    """A cluster whose time goes by only when nothing happens.

    Args:
        rule: says of a place, a task's work and the time what becomes of it: the seconds that it
            takes, and an event without its place and attempt, or None where it hangs.
        about: what a place says of itself, by its name.
    """

    def __init__(self, rule, about=lambda name: {}):
        self.now = 0.0
        self.started = []  # (place, work), in order
        self.stopped = []
        self._rule = rule
        self._about = about
        self._events = []
        self._order = count()
        self._alive = {}  # attempts by name of the place

    def clock(self):
        return self.now

    def join(self, *names, at=0.0):
        for name in names:
            self._at(at, lambda name=name: self._join(name))

    def present(self, *names):
        """Places that have joined before anything begins."""
        return [self._join(name).place for name in names]

    def leave(self, name, at, reason="the node is gone", *, is_fault=False):
        self._at(at, lambda: self._leave(name, reason, is_fault=is_fault))

    def start(self, place, attempt, work):
        self.started.append((place, work))
        self._alive[place] = attempt
        outcome = self._rule(place, work)
        if outcome is not None:
            seconds, end = outcome
            self._at(self.now + seconds, lambda: self._end(place, attempt, end))

    def stop(self, place):
        self.stopped.append(place)
        self._alive.pop(place, None)

    def next(self, seconds):
        if not self._events or self._events[0][0] > self.now + seconds:
            self.now += seconds
            return None
        self.now, _, event = heapq.heappop(self._events)
        return event()

    def _at(self, moment: float, event: Callable):
        heapq.heappush(self._events, (moment, next(self._order), event))

    def _join(self, name):
        return Joined(Place(name, name.partition(".")[0], self._about(name)))

    def _leave(self, name, reason, *, is_fault=False):
        self._alive.pop(name, None)
        return Left(name, reason, is_fault)

    def _end(self, place, attempt, end):
        if self._alive.get(place) != attempt and not getattr(self, "is_late", False):
            return None
        return end(place, attempt)


def returns(seconds, value=None):
    """The outcome of a task that returns a value after some seconds."""
    return seconds, lambda place, attempt: Returned(place, attempt, value)


def raises(seconds, reason="ValueError: no"):
    """The outcome of a task that fails after some seconds."""
    return seconds, lambda place, attempt: Raised(place, attempt, reason)
