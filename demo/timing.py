"""Time calls in interleaved rounds, so that what slows the machine for a while slows all."""

import statistics
import time
from collections.abc import Callable, Sequence

ROUNDS = 15


def medians(calls: Sequence[Callable[[], object]], rounds: int = ROUNDS) -> list[float]:
    """Time some calls once per round, in an order that is rotated from round to round.

    Args:
        calls: each returns when its result is there. They have run before.
        rounds: how often each is timed. Default 15.

    Returns:
        The median of the seconds of each call.
    """
    seconds: list[list[float]] = [[] for _ in calls]
    for turn in range(rounds):
        for step in range(len(calls)):
            place = (turn + step) % len(calls)
            began = time.perf_counter()
            calls[place]()
            seconds[place].append(time.perf_counter() - began)
    return [statistics.median(each) for each in seconds]
