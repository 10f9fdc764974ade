"""The order of the operators in each round: balanced, so that no one profits from who ran before.

Williams (1949), "Experimental designs balanced for the estimation of residual effects of
treatments".
"""

from collections.abc import Iterator
from random import Random


def design(count: int) -> list[tuple[int, ...]]:
    """Return the rows of a Williams design: each ordered pair of neighbours occurs equally often.

    Args:
        count: how many operators there are.

    Returns:
        As many rows as operators, twice as many for an odd number; each row has every operator.

    Example:
        >>> design(4)
        [(0, 1, 3, 2), (1, 2, 0, 3), (2, 3, 1, 0), (3, 0, 2, 1)]
    """
    # 0, 1, last, 2, last but one ...: the steps between neighbours are all different.
    first = [(place + 1) // 2 if place % 2 else -(place // 2) for place in range(count)]
    rows = [tuple((start + step) % count for step in first) for start in range(count)]
    # An odd number needs each row and its reverse, so that every ordered pair occurs equally often.
    return rows + [row[::-1] for row in rows] if count % 2 and count > 1 else rows


class Orders:
    """Balanced orders of operators, which go on where there are as many operators as before.

    Args:
        seed: of the order of the rows.
    """

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)
        self._rows: dict[int, Iterator[tuple[int, ...]]] = {}

    def next(self, count: int) -> tuple[int, ...]:
        """Return the numbers from 0 to `count` - 1 in the order of the next round.

        Args:
            count: how many operators there are in that round.
        """
        return next(self._rows.setdefault(count, orders(count, self._chance)))


def orders(count: int, chance: Random) -> Iterator[tuple[int, ...]]:
    """Yield orders of operators without end: whole designs, each with its rows in random order.

    Args:
        count: how many operators there are.
        chance: draws the order of the rows.

    Yields:
        The numbers from 0 to `count` - 1, for one round.
    """
    rows = design(count)
    while True:
        chance.shuffle(rows)
        yield from rows
