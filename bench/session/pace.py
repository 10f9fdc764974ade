"""How long operators took so far, and what others will take."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping

from reports.sources.case import Direction


class Pace:
    """Estimates how long operators take.

    An operator that is still to be measured is expected to take what those before it took on
    average; forward and training apart, since training takes several times as long.
    """

    def __init__(self) -> None:
        self._seconds: defaultdict[Direction, float] = defaultdict(float)
        self._finished: Counter[Direction] = Counter()

    def add(self, direction: Direction, operators: int, seconds: float) -> None:
        """Take note of a finished case.

        Args:
            direction: of the case.
            operators: how many ran in it.
            seconds: how long it took.
        """
        self._seconds[direction] += seconds
        self._finished[direction] += operators

    def seconds(self, to_do: Mapping[Direction, int]) -> float | None:
        """Return the seconds that operators will take, one after the other.

        Args:
            to_do: how many there are of each direction.

        Returns:
            The seconds; None until each direction has a finished case.
        """
        if not all(self._finished[direction] for direction in to_do):
            return None
        return sum(
            operators * self._seconds[direction] / self._finished[direction]
            for direction, operators in to_do.items()
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
