"""Rounds of a whole case: in each of them every operator is timed once, in balanced order."""

import gc
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

import numpy as np
from numpy.typing import NDArray

from bench.measure.order import Orders
from bench.measure.stopping import LOOKS, Limits, confidence, judged
from reports.sweeps.record import Stopped

Timer = Callable[[], float]
# What `next` returns of rounds that have ended; a round returns None.
ENDED = object()


@dataclass
class Lane:
    """One operator in the rounds of its case.

    Attributes:
        call: runs the operator once.
        before: runs before its timed calls, untimed.
        calls: how often it is called and timed in each round; the median counts.
        is_twin: whether it is the baseline's twin.
        seconds: its time in each round; all lanes begin in the first round.
        stopped: why its rounds ended, None as long as they go on.
        error: what the operator raised, if it did; it takes no part from then on.
    """

    call: Callable[[], object]
    before: Callable[[], object]
    calls: int = 1
    is_twin: bool = False
    seconds: list[float] = field(default_factory=list)
    stopped: Stopped | None = None
    error: Exception | None = None


def timed(call: Callable[[], object], timer: Timer) -> float:
    """Return the seconds that one call takes.

    Args:
        call: what is timed.
        timer: returns the time in seconds.
    """
    start = timer()
    call()
    return timer() - start


class Budget:
    """Says whether one more round fits into the time.

    Args:
        limits: `max_time` is for each of the operators.
        operators: how many there are.
        patience: seconds after which `min_rounds` no longer count.
    """

    def __init__(self, limits: Limits, operators: int, patience: float) -> None:
        self._least = limits.min_rounds
        self._most = limits.max_time * operators
        self._patience = patience
        self._spent = self._latest = 0.0

    def spend(self, seconds: float) -> None:
        """Count a round.

        Args:
            seconds: how long it took, with all that is not timed.
        """
        self._spent += seconds
        self._latest = seconds

    def allows(self, rounds: int) -> bool:
        """Say whether one more round fits, if it takes as long as the latest one.

        Args:
            rounds: how many rounds there were.
        """
        if self._spent + self._latest <= self._most:
            return True
        return rounds < self._least and self._spent <= self._patience


def rounds(
    lanes: Sequence[Lane], limits: Limits, timer: Timer, *, seed: int, patience: float
) -> Iterator[None]:
    """Time all operators of a case in rounds, until each has enough of them.

    At each look the operators whose verdict is decided, or whose ratio is known precisely enough,
    leave the rounds; the others go on with the time that is left. The baseline stays to the end.

    Args:
        lanes: the operators, the baseline first; filled in place.
        limits: when an operator has enough rounds.
        timer: returns the time in seconds.
        seed: of the order of operators.
        patience: seconds of rounds after which `min_rounds` of the limits no longer count.

    Yields:
        After each round, so that rounds of other cases can run in between.

    Raises:
        Exception: what the baseline raised; what another operator raised is in its lane.
    """
    baseline, orders = lanes[0], Orders(seed)
    budget = Budget(limits, len(lanes), patience)
    taken = 0
    for number, look in enumerate(LOOKS):
        yield from _until(look, lanes, budget, timer, orders)
        is_last = len(baseline.seconds) < look or look == LOOKS[-1]
        if look < limits.min_rounds and not is_last:
            continue
        needed = confidence(taken, len(LOOKS) - 1 if is_last else number)
        taken = number + 1
        reason = _judge(lanes, limits.precision, needed, is_last=is_last)
        if not _open(lanes):
            baseline.stopped = reason
            return


def interleaved(cases: Iterable[Iterator[None]]) -> Generator[None]:
    """Interleave the rounds of several cases, one of each, until all have ended.

    The rounds of each case are then spread over the time that all of them take. Bursts of other
    load, which last for seconds, reach a few of its rounds, which its medians leave aside, and not
    all of them.

    Args:
        cases: the rounds of each; an error of one of them ends all.

    Yields:
        After a round of each, unless all have ended.
    """
    left = list(cases)
    with _without_garbage_collection():
        while left := [each for each in left if next(each, ENDED) is not ENDED]:
            yield


def _open(lanes: Sequence[Lane]) -> list[Lane]:
    """Return the operators that need further rounds; the baseline where there is no other."""
    others = [lane for lane in lanes[1:] if not lane.error]
    return [lane for lane in others or lanes[:1] if not lane.stopped]


def _until(
    look: int, lanes: Sequence[Lane], budget: Budget, timer: Timer, orders: Orders
) -> Iterator[None]:
    """Run rounds up to the next look, or until the time is out."""
    baseline, others = lanes[0], [lane for lane in _open(lanes) if lane is not lanes[0]]
    while len(baseline.seconds) < look and budget.allows(len(baseline.seconds)):
        start = timer()
        for place in orders.next(1 + len(others)):
            _time([baseline, *others][place], timer)
        budget.spend(timer() - start)
        if baseline.error:
            raise baseline.error
        others = [lane for lane in others if not lane.error]
        yield


def _time(lane: Lane, timer: Timer) -> None:
    try:
        lane.before()
        lane.seconds.append(median(timed(lane.call, timer) for _ in range(lane.calls)))
    except Exception as error:  # noqa: BLE001 - it belongs to this operator's record
        lane.error = error


def _judge(
    lanes: Sequence[Lane], precision: float, needed: float, *, is_last: bool
) -> Stopped | None:
    """Let the operators leave that have enough rounds; all of them at the last look.

    Returns:
        Why the last of them left.
    """
    baseline = np.array(lanes[0].seconds)
    middle = np.full_like(baseline, np.median(baseline))
    twins = [lane for lane in lanes if lane.is_twin]
    floor = _ratios(twins[0], baseline) if twins else None
    reason: Stopped | None = None
    for lane in _open(lanes):
        # Where there is no other operator, the baseline is held against its own median.
        ratios = _ratios(lane, middle if lane is lanes[0] else baseline)
        lane.stopped = judged(ratios, floor, precision, needed)
        if is_last and not lane.stopped:
            lane.stopped = "time"
        reason = lane.stopped or reason
    return reason


def _ratios(lane: Lane, baseline: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(lane.seconds / baseline[: len(lane.seconds)])


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Collect garbage now, and then not during the rounds: a collection would fall on anyone."""
    was_enabled = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
