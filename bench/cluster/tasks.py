"""Tasks, and who gives them."""

from dataclasses import dataclass
from typing import Any, Protocol

from bench.cluster.places import Place

# A task that fails on one node is tried on another one, and then given up.
ATTEMPTS = 2


@dataclass(frozen=True)
class Task:
    """One unit of work, which has its place to itself.

    Attributes:
        name: what it is called.
        work: what the place gets.
        group: it runs at places that were admitted to this group.
        only: the one place where it may run, admitted or not; it is dropped if that place leaves.
        limit: seconds after which it is ended and counts as failed; None for no limit.
        apart: tasks with the same word here go to different nodes, as far as there are.
        tried: the nodes where it failed.
        reasons: why it failed there.
        losses: how often a place left while it ran there.
    """

    name: str
    work: Any
    group: str = ""
    only: str | None = None
    limit: float | None = None
    apart: str | None = None
    tried: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    losses: int = 0


@dataclass(frozen=True)
class Running:
    """A task at work.

    Attributes:
        task: the task.
        place: where it runs.
        attempt: tells it from what ran there before.
        since: when it began, in seconds of the scheduler's clock.
    """

    task: Task
    place: Place
    attempt: int
    since: float

    @property
    def deadline(self) -> float:
        """When it is ended."""
        return float("inf") if self.task.limit is None else self.since + self.task.limit


class Owner(Protocol):
    """Who gives the tasks, and takes what they return."""

    @property
    def is_waiting(self) -> bool:
        """Whether a place that may come is to give tasks, so that an empty queue is no end."""

    def joined(self, place: Place) -> None:
        """Hear of a place; it gets tasks of a group once it is admitted to it."""

    def left(self, place: Place, reason: str) -> None:
        """Hear that a place is gone."""

    def started(self, task: Task, place: Place) -> None:
        """Hear that a task begins."""

    def finished(self, task: Task, place: Place, value: Any, seconds: float) -> None:
        """Take what a task returned, and how long it took."""

    def failed(self, task: Task) -> None:
        """Hear that a task is given up; it says where it was tried and why it failed."""

    def tick(self) -> None:
        """Hear that time goes by."""
