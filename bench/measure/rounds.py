"""Warm-up, and interleaved rounds of an operator and its baseline."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, pi
from statistics import NormalDist, median, quantiles
from time import perf_counter

# The first calls of a shape pay for tracing, compilation and the creation of oneDNN
# primitives; caches and clock frequency take a few more calls to settle.
WARMUP_CALLS = 3
WARMUP_SECONDS = 0.05
STEADY = 0.05
MAX_WARMUP_SECONDS = 0.25  # a call this slow is steady after its first
# Beyond this the interval hardly narrows, while the results file grows.
MAX_ROUNDS = 1000
# Fewer rounds give no useful estimate of the spread.
MIN_PILOT_ROUNDS = 10
# With fewer rounds the distribution-free interval is much wider than the normal one.
LEAST_CHOSEN = 50
PILOT_SHARE = 5  # one round in five may be spent on choosing the number of the others


@dataclass(frozen=True)
class WarmUp:
    """How long the calls before the timing took.

    Attributes:
        first_seconds: the first call, with tracing and compilation.
        seconds: the fastest call after the first.
        rounds: how many calls there were.
    """

    first_seconds: float
    seconds: float
    rounds: int


def timed(call: Callable[[], object]) -> float:
    """Return the seconds that one call takes."""
    start = perf_counter()
    call()
    return perf_counter() - start


def warm_up(call: Callable[[], object]) -> WarmUp:
    """Call until the costs of the first calls are paid and the time has stopped falling.

    Args:
        call: what will be timed.

    Returns:
        How long the calls took.
    """
    first = timed(call)
    rest: list[float] = []
    spent = 0.0
    while (
        not rest or spent < WARMUP_SECONDS or (not is_steady(rest) and spent < MAX_WARMUP_SECONDS)
    ):
        rest.append(timed(call))
        spent += rest[-1]
    return WarmUp(first, min(rest), 1 + len(rest))


def is_steady(seconds: Sequence[float]) -> bool:
    """Say whether the latest calls took about as long as those before them, or longer.

    Args:
        seconds: the time of each call.

    Example:
        >>> is_steady([9, 8, 7, 4, 3, 2]), is_steady([9, 3, 3, 3, 3, 3])
        (False, True)
    """
    if len(seconds) < 2 * WARMUP_CALLS:
        return False
    before, latest = seconds[-2 * WARMUP_CALLS : -WARMUP_CALLS], seconds[-WARMUP_CALLS:]
    return median(latest) >= (1 - STEADY) * median(before)


def rounds_within(seconds_per_round: float, max_time: float, min_rounds: int) -> int:
    """Return how many rounds fit into a time.

    Args:
        seconds_per_round: the time of one round of operator and baseline.
        max_time: seconds for all rounds together.
        min_rounds: rounds to run even if they take longer.

    Returns:
        An even number where the limits allow it, so that each order occurs equally often.

    Example:
        >>> rounds_within(0.1, max_time=1.0, min_rounds=5)
        10
    """
    rounds = min(int(max_time / seconds_per_round), MAX_ROUNDS) // 2 * 2
    return max(rounds, min_rounds, 1)


def rounds_for(ratios: Sequence[float], precision: float) -> int:
    """Estimate how many rounds it takes to know the median ratio to a precision.

    The half width of a median's 95 % interval is 1.96 * sqrt(pi / 2) * deviation / sqrt(rounds)
    for normal ratios. The deviation is estimated from the quartiles, which outliers do not move.

    Args:
        ratios: of two or more rounds.
        precision: relative half width of the interval.

    Returns:
        The number of rounds.

    Example:
        >>> rounds_for([0.98, 0.99, 1.0, 1.01, 1.02], precision=0.01)
        30
    """
    first, middle, third = quantiles(ratios, n=4)
    normal = NormalDist()
    deviation = (third - first) / (2 * normal.inv_cdf(0.75)) / middle
    return ceil(pi / 2 * (normal.inv_cdf(0.975) * deviation / precision) ** 2)


@dataclass(frozen=True)
class Limits:
    """When enough rounds have been run.

    Attributes:
        precision: relative half width of the ratio's 95 % interval that is enough.
        max_time: seconds for all rounds of operator and baseline together.
        min_rounds: rounds to run even if they take longer.
    """

    precision: float
    max_time: float
    min_rounds: int

    def are_tight(self, seconds_per_round: float) -> bool:
        """Say whether the time has no room for more than the fewest rounds.

        Args:
            seconds_per_round: the time of one round of operator and baseline.
        """
        return rounds_within(seconds_per_round, self.max_time, 1) <= self.min_rounds

    def rounds(
        self,
        operator: Callable[[], object],
        baseline: Callable[[], object],
        seconds_per_round: float,
    ) -> int:
        """Choose how many rounds to run, from pilot rounds that are discarded.

        A rule that stops as soon as the interval is narrow often stops by chance. This number is
        fixed before the first round that counts.

        Args:
            operator: runs the operator once; warm.
            baseline: runs the baseline once; warm.
            seconds_per_round: the time of one round of both.

        Returns:
            The number of rounds.
        """
        most = rounds_within(seconds_per_round, self.max_time, self.min_rounds)
        pilot = max(most // PILOT_SHARE, MIN_PILOT_ROUNDS)
        if most - pilot <= self.min_rounds:
            return most
        interleaved = InterleavedBaseline(baseline)
        seconds = []
        for _ in range(pilot):
            interleaved()
            seconds.append(timed(operator))
        interleaved.finish()
        ratios = [a / b for a, b in zip(seconds, interleaved.seconds, strict=True)]
        rounds = min(max(rounds_for(ratios, self.precision), LEAST_CHOSEN), most - pilot)
        return max(rounds // 2 * 2, self.min_rounds)


class InterleavedBaseline:
    """Times the baseline in the same rounds as an operator, in alternating order.

    Call it before each round of the operator and `finish` after the last one: baseline (B) and
    operator (O) run as B O, O B, B O, ... so that a drift during the rounds affects both.

    Args:
        baseline: runs the baseline once.
    """

    def __init__(self, baseline: Callable[[], object]) -> None:
        self._baseline = baseline
        self._begun = 0
        self.seconds: list[float] = []

    def __call__(self) -> None:
        """Time the baseline in all rounds in which it runs before the operator's next call."""
        self._begun += 1
        # In even rounds the operator runs first; the baseline follows when the next round begins.
        if self._begun % 2:
            self._time_until(self._begun)

    def finish(self) -> None:
        """Time the baseline where it runs last in the last round."""
        self._time_until(self._begun)

    def _time_until(self, rounds: int) -> None:
        while len(self.seconds) < rounds:
            self.seconds.append(timed(self._baseline))
