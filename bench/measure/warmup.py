"""The calls before the rounds: compilation, and until caches and primitives are there."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.measure.rounds import Timer, timed

# The first calls of a shape pay for tracing, compilation and the creation of oneDNN primitives.
# What settles later, such as the clock, affects all operators of a round alike.
WARMUP_CALLS = 2
WARMUP_SECONDS = 0.02


@dataclass(frozen=True)
class WarmUp:
    """How long the calls before the rounds took.

    Attributes:
        first_seconds: the first call, with tracing and compilation.
        seconds: the fastest call after the first.
        rounds: how many calls there were.
    """

    first_seconds: float
    seconds: float
    rounds: int


def warm_up(call: Callable[[], object], timer: Timer) -> WarmUp:
    """Call until the costs of the first calls are paid.

    Args:
        call: what will be timed.
        timer: returns the time in seconds.

    Returns:
        How long the calls took.
    """
    first = timed(call, timer)
    rest: list[float] = []
    while len(rest) < WARMUP_CALLS or sum(rest) < WARMUP_SECONDS:
        rest.append(timed(call, timer))
    return WarmUp(first, min(rest), 1 + len(rest))
