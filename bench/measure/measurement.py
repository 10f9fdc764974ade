"""Measure one operator on one case: from a case to a finished record."""

from collections.abc import Callable
from functools import lru_cache

import tensorflow as tf
from pytest_benchmark.fixture import BenchmarkFixture

from bench.cases import Case
from bench.measure.calls import Call, prepare
from bench.measure.check import check
from bench.measure.flops import profiler_flops
from bench.measure.memory import peak_memory
from bench.measure.noise import OtherLoad, doubts
from bench.measure.rounds import InTurn, Limits, warm_up
from bench.operators import Operator
from bench.session.record import Record

# A counter that sees less than this share of the FLOPs by formula has missed an operation.
COUNTED_SHARE = 0.5

# What TensorFlow and XLA compiled for a case, they keep as long as the process lives.
_measured: set[tuple[Operator, Case]] = set()


class RetracedError(RuntimeError):
    """A function was traced again while it was timed, so its times are not its own."""


def measure(
    benchmark: BenchmarkFixture,
    record: Record,
    operator: Operator,
    case: Case,
    against: tuple[Operator, Case],
    limits: Limits,
) -> None:
    """Check an operator, time it in turn with its baseline and complete the record.

    Args:
        benchmark: pytest-benchmark's fixture, which keeps the rounds.
        record: the record to complete.
        operator: what to time.
        case: the case as the operator runs it.
        against: the baseline, and the case as the baseline runs it.
        limits: when to stop timing.

    Raises:
        DisagreementError: if the operator computes something else than its reference.
        RetracedError: if a function is traced again while it is timed.
    """
    is_first = (operator, case) not in _measured
    _measured.update([(operator, case), against])
    call, baseline = prepare(operator, case), _baseline(*against)
    warm, warm_baseline = warm_up(call), warm_up(baseline)
    doubt = check(operator, case, call)
    if doubt:
        record.notes.append(doubt)
    seconds_a_round = warm.seconds + warm_baseline.seconds
    rounds = limits.rounds(call, baseline, seconds_a_round)

    traces = call.traces, baseline.traces
    in_turn = InTurn(baseline)
    load = OtherLoad()
    benchmark.pedantic(call, setup=in_turn, rounds=rounds)
    in_turn.finish()
    seconds = in_turn.seconds[:rounds]  # a profiler of pytest-benchmark's runs another
    record.notes += doubts(seconds, limits.are_tight(seconds_a_round), load.cores())
    if (call.traces, baseline.traces) != traces:
        raise RetracedError(f"{operator} was traced again while it was timed, on {case}")

    record.rounds = len(seconds)
    record.warmup_rounds = warm.rounds
    record.baseline_seconds = seconds
    if is_first:
        record.compile_seconds = warm.first_seconds
    else:
        record.notes.append("compiled before, by another record of the same case")
    _add(_count, "FLOPs", record, call)
    _add(_weigh, "peak memory", record, call)


@lru_cache(maxsize=2)
def _baseline(operator: Operator, case: Case) -> Call:
    """Return the baseline of a case; kept, because the operators of a case follow each other."""
    return prepare(operator, case)


def _add(number: Callable[[Record, Call], None], name: str, record: Record, call: Call) -> None:
    """Add a number to a record whose times are good without it."""
    try:
        number(record, call)
    except (tf.errors.OpError, MemoryError, OSError) as error:
        record.notes.append(f"{name} not measured: {type(error).__name__}: {error}")


def _count(record: Record, call: Call) -> None:
    counted = profiler_flops(call)
    if counted is None:
        record.notes.append("TensorFlow's counter does not see what XLA compiles of this operator")
    elif counted < COUNTED_SHARE * record.flops:
        record.notes.append(f"TensorFlow's counter sees only {counted} FLOPs of this operator")
    else:
        record.profiler_flops = counted


def _weigh(record: Record, call: Call) -> None:
    peak = peak_memory(call)
    record.peak_memory_bytes = peak.bytes
    record.peak_memory_source = peak.source
    if peak.note:
        record.notes.append(peak.note)
