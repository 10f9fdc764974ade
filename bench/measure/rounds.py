"""Rounds of a whole case: in each of them every operator is timed once, in balanced order."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from statistics import median

import numpy as np
from numpy.typing import NDArray

from bench.measure.order import orders
from bench.measure.stopping import LOOKS, Limits, confidence, judged
from reports.sweeps.record import Stopped

Timer = Callable[[], float]


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


class Deadline:
    """Says whether one more round fits into the time.

    Args:
        limits: `max_time` is for each of the operators.
        operators: how many there are.
        timer: returns the time in seconds.
        patience: seconds after which no round begins, however few there were.
    """

    def __init__(self, limits: Limits, operators: int, timer: Timer, patience: float) -> None:
        self._timer = timer
        self._least = limits.min_rounds
        self._latest = timer()
        self._end = self._latest + limits.max_time * operators
        self._last_end = self._latest + patience

    def allows(self, rounds: int) -> bool:
        """Say whether one more round fits, if it takes as long as the latest one.

        Args:
            rounds: how many rounds there were; called once after each.
        """
        now = self._timer()
        expected, self._latest = now + (now - self._latest), now
        return expected <= self._end or (rounds < self._least and now <= self._last_end)


def run(lanes: Sequence[Lane], limits: Limits, timer: Timer, *, seed: int, patience: float) -> None:
    """Time all operators of a case in interleaved rounds, until each has enough of them.

    At each look the operators whose verdict is decided, or whose ratio is known precisely enough,
    leave the rounds; the others go on with the time that is left. The baseline stays to the end.

    Args:
        lanes: the operators, the baseline first; filled in place.
        limits: when an operator has enough rounds.
        timer: returns the time in seconds.
        seed: of the order of operators.
        patience: seconds after which no further round begins, however few there were.

    Raises:
        Exception: what the baseline raised; what another operator raised is in its lane.
    """
    baseline, chance = lanes[0], Random(seed)
    with _without_garbage_collection():
        deadline = Deadline(limits, len(lanes), timer, patience)
        for looks, look in enumerate(LOOKS):
            _until(look, lanes, deadline, timer, chance)
            is_last = len(baseline.seconds) < look or look == LOOKS[-1]
            if look < limits.min_rounds and not is_last:
                continue
            reason = _judge(lanes, limits.precision, looks, is_last=is_last)
            if not _open(lanes):
                baseline.stopped = reason
                return


def _open(lanes: Sequence[Lane]) -> list[Lane]:
    """Return the operators that need further rounds; the baseline where there is no other."""
    others = [lane for lane in lanes[1:] if not lane.error]
    return [lane for lane in others or lanes[:1] if not lane.stopped]


def _until(
    look: int, lanes: Sequence[Lane], deadline: Deadline, timer: Timer, chance: Random
) -> None:
    """Run rounds up to the next look, or until the time is out."""
    baseline, others = lanes[0], [lane for lane in _open(lanes) if lane is not lanes[0]]
    rows = orders(1 + len(others), chance)
    while len(baseline.seconds) < look and deadline.allows(len(baseline.seconds)):
        for place in next(rows):
            _time([baseline, *others][place], timer)
        if baseline.error:
            raise baseline.error
        if any(lane.error for lane in others):
            others = [lane for lane in others if not lane.error]
            rows = orders(1 + len(others), chance)


def _time(lane: Lane, timer: Timer) -> None:
    try:
        lane.before()
        lane.seconds.append(median(timed(lane.call, timer) for _ in range(lane.calls)))
    except Exception as error:  # noqa: BLE001 - it belongs to this operator's record
        lane.error = error


def _judge(lanes: Sequence[Lane], precision: float, looks: int, *, is_last: bool) -> Stopped | None:
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
        needed = confidence(looks, is_last=is_last)
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
