"""Warm-up, and rounds of an operator in turn with rounds of its baseline."""

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
MAX_WARMUP_SECONDS = 0.25  # a call so slow is steady after its first
# Beyond this the interval hardly narrows, while the results file grows.
MAX_ROUNDS = 1000
# The spread of fewer rounds says too little.
MIN_PILOT_ROUNDS = 10
# Of fewer, the interval that holds for any distribution is wider than that of a normal one.
LEAST_CHOSEN = 50
PILOT_SHARE = 5  # one in so many rounds is spent on choosing the number of the others


@dataclass(frozen=True)
class WarmUp:
    """What the calls before the timing took.

    Attributes:
        first_seconds: the first call, with tracing and compilation.
        seconds: the fastest of the calls after the first.
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
    """Call until a shape's first-call costs are paid and its time has stopped falling.

    Args:
        call: what will be timed.

    Returns:
        What the calls took.
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
        seconds: what each call took.

    Example:
        >>> is_steady([9, 8, 7, 4, 3, 2]), is_steady([9, 3, 3, 3, 3, 3])
        (False, True)
    """
    if len(seconds) < 2 * WARMUP_CALLS:
        return False
    before, latest = seconds[-2 * WARMUP_CALLS : -WARMUP_CALLS], seconds[-WARMUP_CALLS:]
    return median(latest) >= (1 - STEADY) * median(before)


def rounds_within(seconds_a_round: float, max_time: float, min_rounds: int) -> int:
    """Return how many rounds fit into a time.

    Args:
        seconds_a_round: what one round of operator and baseline takes.
        max_time: seconds for all rounds together.
        min_rounds: rounds to run even if they take longer.

    Returns:
        An even number where the limits allow it, so that each order is taken equally often.

    Example:
        >>> rounds_within(0.1, max_time=1.0, min_rounds=5)
        10
    """
    rounds = min(int(max_time / seconds_a_round), MAX_ROUNDS) // 2 * 2
    return max(rounds, min_rounds, 1)


def rounds_for(ratios: Sequence[float], precision: float) -> int:
    """Estimate how many rounds it takes to know the median ratio to a precision.

    The half width of a median's 95 % interval is 1.96 * sqrt(pi / 2) * deviation / sqrt(rounds)
    for normal ratios; the deviation is taken from the quartiles, which no straggler moves.

    Args:
        ratios: of a few rounds, two or more.
        precision: relative half width of the interval.

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

    def are_tight(self, seconds_a_round: float) -> bool:
        """Say whether the time has no room for more than the fewest rounds.

        Args:
            seconds_a_round: what one round of operator and baseline takes.
        """
        return rounds_within(seconds_a_round, self.max_time, 1) <= self.min_rounds

    def rounds(
        self,
        operator: Callable[[], object],
        baseline: Callable[[], object],
        seconds_a_round: float,
    ) -> int:
        """Choose how many rounds to run, from a pilot that does not count.

        Rounds that stop as soon as their interval is narrow stop too often by luck. These are
        chosen before the first of them is run.

        Args:
            operator: runs the operator once; warm.
            baseline: runs the baseline once; warm.
            seconds_a_round: what one round of both takes.
        """
        most = rounds_within(seconds_a_round, self.max_time, self.min_rounds)
        pilot = max(most // PILOT_SHARE, MIN_PILOT_ROUNDS)
        if most - pilot <= self.min_rounds:
            return most
        in_turn, seconds = InTurn(baseline), []
        for _ in range(pilot):
            in_turn()
            seconds.append(timed(operator))
        in_turn.finish()
        ratios = [a / b for a, b in zip(seconds, in_turn.seconds, strict=True)]
        rounds = min(max(rounds_for(ratios, self.precision), LEAST_CHOSEN), most - pilot)
        return max(rounds // 2 * 2, self.min_rounds)


class InTurn:
    """Times the baseline in turn with the rounds of an operator, the order alternating.

    Call it before each round of the operator and `finish` after the last: baseline and
    operator run as B O, O B, B O, ... so that whatever drifts during the rounds falls on both.

    Args:
        baseline: runs the baseline once.
    """

    def __init__(self, baseline: Callable[[], object]):
        self._baseline = baseline
        self._before = 0
        self.seconds: list[float] = []

    def __call__(self) -> None:
        """Run the baseline's rounds that are due before the operator's next round."""
        self._before += 1
        # Rounds with the operator first are even; theirs is due when the next one begins.
        if self._before % 2:
            self._run(self._before)

    def finish(self) -> None:
        """Run the baseline's round that is still due after the operator's last."""
        self._run(self._before)

    def _run(self, rounds: int) -> None:
        while len(self.seconds) < rounds:
            self.seconds.append(timed(self._baseline))
