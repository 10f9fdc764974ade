"""How long things took so far, and what the rest will take."""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from typing import Generic, TypeVar

Kind = TypeVar("Kind", bound=Hashable)


class Pace(Generic[Kind]):
    """Estimates how long operators take, or anything else that is done one after the other.

    What is still to be done is expected to take what others of its kind took on average. Operators
    are of two kinds, forward and training, since training takes several times as long.
    """

    def __init__(self) -> None:
        self._seconds: defaultdict[Kind, float] = defaultdict(float)
        self._finished: Counter[Kind] = Counter()

    def add(self, kind: Kind, count: int, seconds: float) -> None:
        """Take note of what is done.

        Args:
            kind: of what was done.
            count: how many.
            seconds: how long they took together.
        """
        self._seconds[kind] += seconds
        self._finished[kind] += count

    def seconds(self, to_do: Mapping[Kind, int]) -> float | None:
        """Return the seconds that the rest will take, one after the other.

        Args:
            to_do: how many there are of each kind.

        Returns:
            The seconds; None until something of each kind is done.
        """
        if not all(self._finished[kind] for kind in to_do):
            return None
        return sum(
            count * self._seconds[kind] / self._finished[kind] for kind, count in to_do.items()
        )


def in_words(seconds: float) -> str:
    """Say how much time is left, as exactly as an estimate may.

    Args:
        seconds: the time left.

    Example:
        >>> in_words(4), in_words(41), in_words(222), in_words(9000)
        ('less than 10 s left', 'about 50 s left', 'about 4 min left', 'about 2.5 h left')
    """
    if seconds < 10:
        return "less than 10 s left"
    if seconds <= 90:
        return f"about {math.ceil(seconds / 10) * 10} s left"
    if seconds <= 90 * 60:
        return f"about {math.ceil(seconds / 60)} min left"
    return f"about {seconds / 3600:.1f} h left"
