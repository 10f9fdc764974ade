"""What the time of a run was spent on."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Literal

Purpose = Literal["compilation", "checks", "warm-up", "rounds", "memory and FLOPs"]


class Spent:
    """Adds up the seconds of each purpose.

    Attributes:
        seconds: by purpose.
    """

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def on(self, purpose: Purpose) -> Iterator[None]:
        """Add the time until the block ends, also by an error.

        Args:
            purpose: what the block is for.
        """
        start = perf_counter()
        try:
            yield
        finally:
            self.seconds[purpose] += perf_counter() - start
