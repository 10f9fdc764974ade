"""Places, where one task runs at a time, and what happens there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Place:
    """Where one task runs at a time: a node, or one GPU of a node with its share of cores.

    Attributes:
        name: no other place that is present has it.
        node: the node; places of one node share it.
        about: what the place says of its hardware and software.
    """

    name: str
    node: str
    about: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Joined:
    """A place is there, and free.

    Attributes:
        place: the place.
    """

    place: Place


@dataclass(frozen=True)
class Left:
    """A place is gone, with what ran there. It may join again.

    Attributes:
        place: its name.
        reason: why it is gone.
        is_fault: whether what ran there ended it. Default False.
    """

    place: str
    reason: str
    is_fault: bool = False


@dataclass(frozen=True)
class Returned:
    """A task came to its end.

    Attributes:
        place: the name of its place.
        attempt: the number that the task was started with.
        value: what it returned.
    """

    place: str
    attempt: int
    value: Any


@dataclass(frozen=True)
class Raised:
    """A task ended with an error; its place is free.

    Attributes:
        place: the name of its place.
        attempt: the number that the task was started with.
        reason: the error.
    """

    place: str
    attempt: int
    reason: str


Event = Joined | Left | Returned | Raised


class Places(Protocol):
    """The places of a cluster: real ones, or simulated ones."""

    def start(self, place: str, attempt: int, work: Any) -> None:
        """Start work at a free place, and return at once.

        Args:
            place: the name of the place.
            attempt: a number, which comes back with the event that ends it.
            work: what the place gets.
        """

    def stop(self, place: str) -> None:
        """End what runs at a place; the place is gone then, and joins again if it can.

        Args:
            place: the name of the place.
        """

    def next(self, seconds: float) -> Event | None:
        """Wait for the next event.

        Args:
            seconds: how long to wait at most.

        Returns:
            The event; None if nothing happened.
        """
