"""Places of a cluster at which a run is one task, though its agent returns after each epoch."""

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

from bench.cluster.places import Event, Joined, Left, Places, Returned

GO_ON = {"asked": "go on"}


class TrainingPlaces:
    """Places that keep each epoch, and go on.

    Args:
        places: where agents work.
        request: completes the work of a task when it begins at a place, by the name of that place.
        keep: takes what came of an epoch, and the name of the place.
        limit: seconds for an epoch, after which its place is given up; None for no limit. What is
            asked besides training has the limit of its task.
        clock: returns the time in seconds.
    """

    def __init__(
        self,
        places: Places,
        request: Callable[[str, Any], Mapping[str, Any]],
        keep: Callable[[str, Mapping[str, Any]], None],
        *,
        limit: float | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._places = places
        self._request = request
        self._keep = keep
        self._limit = limit
        self._clock = clock
        self._since: dict[str, float] = {}

    def start(self, place: str, attempt: int, work: Any) -> None:
        """Start work at a place."""
        request = self._request(place, work)
        if request["asked"] == "train":
            self._since[place] = self._clock()
        self._places.start(place, attempt, request)

    def stop(self, place: str) -> None:
        """End what runs at a place."""
        self._since.pop(place, None)
        self._places.stop(place)

    def next(self, seconds: float) -> Event | None:
        """Wait for the next event; an epoch is none, but that of a place which took too long is."""
        now = self._clock()
        for place, since in self._since.items():
            if self._limit is not None and now - since > self._limit:
                self.stop(place)
                return Left(place, f"an epoch took longer than the limit of {self._limit:g} s")
        event = self._places.next(seconds)
        if isinstance(event, Returned) and not event.value["is_done"]:
            self._keep(event.place, event.value)
            self._since[event.place] = self._clock()
            self._places.start(event.place, event.attempt, GO_ON)
            return None
        if event is not None and not isinstance(event, Joined):
            self._since.pop(event.place, None)
        return event
