"""Reasons to doubt measured times: a busy machine, a changing clock."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from time import perf_counter

import psutil

# Cores that other processes keep busy.
BUSY_CORES = 0.5
# The system counts in steps of 10 ms for each core: of a shorter time it says nothing.
LEAST_SECONDS = 0.2
# Relative change of the baseline's time from the first third of its rounds to the last.
DRIFT = 0.1


class OtherLoad:
    """Watches how busy other processes keep the processor, from its creation on."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._start: tuple[float, ...] = self._now()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave out the time until the block ends."""
        paused = self._now()
        yield
        pauses = zip(self._start, paused, self._now(), strict=True)
        self._start = tuple(start + now - then for start, then, now in pauses)

    def cores(self) -> float:
        """Return how many cores others kept busy, on average until now; 0 soon after the start."""
        elapsed, others = (now - start for now, start in zip(self._now(), self._start, strict=True))
        return max(0.0, others / elapsed) if elapsed >= LEAST_SECONDS else 0.0

    def _now(self) -> tuple[float, float]:
        """Return the seconds that have passed, and the seconds of all cores that others used."""
        times = psutil.cpu_times()
        idle = sum(getattr(times, name, 0.0) for name in ("idle", "iowait", "guest", "guest_nice"))
        own = self._process.cpu_times()
        return perf_counter(), sum(times) - idle - own.user - own.system


def doubts(baseline_seconds: Sequence[float], *, others: float) -> list[str]:
    """Say what a reader of a record should know about its timing.

    Args:
        baseline_seconds: the baseline's rounds, in the order in which they were run.
        others: cores that other processes kept busy during the rounds.

    Returns:
        A note for each doubt, none for a clean measurement.
    """
    notes = []
    rounds = len(baseline_seconds)
    if others > BUSY_CORES:
        notes.append(f"other processes kept {others:.1f} cores busy during the timing")
    third = rounds // 3
    if third:
        change = median(baseline_seconds[-third:]) / median(baseline_seconds[:third]) - 1
        if abs(change) > DRIFT:
            notes.append(
                f"the baseline took {change:+.0%} at the end of its rounds: the clock or the load "
                "changed"
            )
    return notes
