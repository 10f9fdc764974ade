"""In which order the processes of both sides run, and when no more begin."""

from collections.abc import Iterator
from itertools import count

from bench.compare.sides import SideName

# One process per side says nothing of what differs between processes.
LEAST_PAIRS = 2


def turns(number: int) -> tuple[SideName, SideName]:
    """Return the order within a pair of processes.

    Each side is first in every other pair, so that a steady drift of the machine harms neither.

    Args:
        number: that of the pair, from 1.

    Example:
        >>> [turns(number)[0] for number in (1, 2, 3)]
        ['before', 'after', 'before']
    """
    return ("before", "after") if number % 2 else ("after", "before")


def pairs(most: int | None) -> Iterator[int]:
    """Return the numbers of the pairs of processes.

    Args:
        most: how many there are; None for as many as fit into the time.
    """
    return iter(range(1, most + 1)) if most else count(1)


def is_time_over(number: int, spent: float, minutes: float | None) -> bool:
    """Say whether a pair should not begin, since it would end after the time.

    Args:
        number: that of the pair, from 1.
        spent: seconds of the pairs before it.
        minutes: the time; None for no limit.

    Example:
        >>> is_time_over(4, spent=180.0, minutes=5.0), is_time_over(4, spent=180.0, minutes=3.5)
        (False, True)
    """
    if minutes is None or number <= LEAST_PAIRS:
        return False
    return spent + spent / (number - 1) > 60 * minutes
