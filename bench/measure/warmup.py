"""The calls between the first, which compiles, and the rounds."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.measure.rounds import Timer, timed

# Some calls after the first still pay, such as for oneDNN's primitives and the allocator's memory.
# What settles later, such as the clock, affects all operators of a round alike.
WARMUP_CALLS = 1
WARMUP_SECONDS = 0.02
MOST_CALLS = 1000  # of a call that takes next to nothing


@dataclass(frozen=True)
class WarmUp:
    """How long the calls before the rounds took.

    Attributes:
        seconds: the fastest call.
        rounds: how many calls there were.
    """

    seconds: float
    rounds: int


def warm_up(call: Callable[[], object], timer: Timer) -> WarmUp:
    """Call until the costs of the first calls are paid.

    Args:
        call: what will be timed; it has run once.
        timer: returns the time in seconds.

    Returns:
        How long the calls took.
    """
    fastest, spent, rounds = float("inf"), 0.0, 0
    while rounds < WARMUP_CALLS or (spent < WARMUP_SECONDS and rounds < MOST_CALLS):
        seconds = timed(call, timer)
        fastest, spent, rounds = min(fastest, seconds), spent + seconds, rounds + 1
    return WarmUp(fastest, rounds)
