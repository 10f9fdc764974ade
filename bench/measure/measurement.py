"""Measure one operator on one case: check, warm up, time, then count FLOPs and memory."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from bench.cases import Case
from bench.environment import fixed
from bench.measure.backend import COUNTING_ERRORS
from bench.measure.calls import Call, prepare
from bench.measure.check import check
from bench.measure.memory import PeakMemory, peak_memory
from bench.measure.noise import OtherLoad, doubts
from bench.measure.rounds import InterleavedBaseline, Limits, warm_up
from bench.operators import Operator

# A counter that sees less than this share of the FLOPs by formula has missed an operation.
COUNTED_SHARE = 0.5

# TensorFlow and XLA keep what they compiled for a case as long as the process lives.
_compiled: set[tuple[Operator, Case]] = set()


class RetracedError(RuntimeError):
    """A function was traced again while it was timed, so its times are not its own."""


class RoundTimer(Protocol):
    """Times the rounds of an operator."""

    def __call__(
        self, call: Callable[[], object], *, setup: Callable[[], None], rounds: int
    ) -> Sequence[float]:
        """Run `setup` and then `call` in each round.

        Args:
            call: what is timed.
            setup: runs before each call, untimed.
            rounds: how many rounds to run.

        Returns:
            The seconds of each call; empty where nothing is to be timed, after a single call.
        """


@dataclass(frozen=True)
class Measurement:
    """What was measured of one operator on one case.

    Attributes:
        seconds: the operator's time in each round.
        baseline_seconds: the baseline's time in each of these rounds.
        warmup_rounds: calls before the first round.
        compile_seconds: the first call, with tracing and compilation; None where the process had
            compiled the case before.
        counted_flops: FLOPs by the backend's counter; None where it misses part of the operator.
        peak_memory_bytes: at the worst moment of a call, with inputs and weights, or None.
        peak_memory_source: who counted the memory, or None.
        notes: why a value is missing, and reasons to doubt the times.
    """

    seconds: tuple[float, ...]
    baseline_seconds: tuple[float, ...]
    warmup_rounds: int
    compile_seconds: float | None
    counted_flops: int | None
    peak_memory_bytes: int | None
    peak_memory_source: str | None
    notes: tuple[str, ...]


@fixed()
def measure(
    operator: Operator,
    case: Case,
    baseline: tuple[Operator, Case],
    *,
    limits: Limits,
    time_rounds: RoundTimer,
) -> Measurement:
    """Check an operator, time it in interleaved rounds with its baseline, and count its costs.

    Args:
        operator: what to time.
        case: the case as the operator runs it.
        baseline: the baseline, and the case as the baseline runs it.
        limits: when to stop timing.
        time_rounds: times the operator's calls.

    Returns:
        The measurement.

    Raises:
        DisagreementError: if the operator computes something else than its reference.
        RetracedError: if a function is traced again while it is timed.
    """
    is_compiled = (operator, case) in _compiled
    _compiled.update([(operator, case), baseline])
    call, baseline_call = prepare(operator, case), _prepared_baseline(*baseline)
    warm, warm_baseline = warm_up(call), warm_up(baseline_call)
    notes: list[str] = []
    with _attached(notes):
        notes += _filled(check(operator, case, call))
        seconds_per_round = warm.seconds + warm_baseline.seconds
        rounds = limits.rounds(call, baseline_call, seconds_per_round)
        traces = call.traces, baseline_call.traces
        seconds, baseline_seconds, other_load = _timed(call, baseline_call, rounds, time_rounds)
        is_tight = limits.are_tight(seconds_per_round)
        notes += doubts(baseline_seconds, time_is_tight=is_tight, others=other_load)
        if (call.traces, baseline_call.traces) != traces:
            raise RetracedError(f"{operator} was traced again while it was timed, on {case}")
        if is_compiled:
            notes.append("compiled before, by another record of the same case")
        counted, note = _counted_flops(call, operator.costs(case).flops)
        notes += _filled(note)
        memory = _peak_memory(call)
        notes += _filled(memory.note)
    return Measurement(
        seconds=seconds,
        baseline_seconds=baseline_seconds,
        warmup_rounds=warm.rounds,
        compile_seconds=None if is_compiled else warm.first_seconds,
        counted_flops=counted,
        peak_memory_bytes=memory.bytes,
        peak_memory_source=memory.source,
        notes=tuple(notes),
    )


@lru_cache(maxsize=2)
def _prepared_baseline(operator: Operator, case: Case) -> Call:
    """Return the baseline of a case; cached, because the operators of a case follow each other."""
    return prepare(operator, case)


@contextmanager
def _attached(notes: Sequence[str]) -> Iterator[None]:
    """Attach the notes so far to an error, for the record of the case that failed."""
    try:
        yield
    except BaseException as error:  # pytest's time limit raises no `Exception`
        for note in notes:
            error.add_note(note)
        raise


def _filled(note: str | None) -> list[str]:
    return [note] if note else []


def _timed(
    call: Call, baseline: Call, rounds: int, time_rounds: RoundTimer
) -> tuple[tuple[float, ...], tuple[float, ...], float]:
    """Return the rounds of operator and baseline, and the cores that others kept busy."""
    interleaved = InterleavedBaseline(baseline)
    load = OtherLoad()
    seconds = tuple(time_rounds(call, setup=interleaved, rounds=rounds))
    interleaved.finish()
    # A profiler runs one more call, which is not timed, and so one more round of the baseline.
    return seconds, tuple(interleaved.seconds[: len(seconds)]), load.cores()


def _counted_flops(call: Call, by_formula: int) -> tuple[int | None, str | None]:
    """Return the FLOPs by the backend's counter, or why there are none."""
    try:
        counted = call.counted_flops()
    except COUNTING_ERRORS as error:
        return None, f"FLOPs not measured: {type(error).__name__}: {error}"
    if counted is None:
        return None, "TensorFlow's counter does not see what XLA compiles of this operator"
    if counted < COUNTED_SHARE * by_formula:
        return None, f"TensorFlow's counter sees only {counted} FLOPs of this operator"
    return counted, None


def _peak_memory(call: Call) -> PeakMemory:
    try:
        return peak_memory(call)
    except COUNTING_ERRORS as error:
        return PeakMemory(None, None, f"peak memory not measured: {type(error).__name__}: {error}")
