"""What is measured of one operator on one case: its rounds, and its costs, counted after them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.measure.backend import ACCELERATED
from bench.measure.cache import Cache
from bench.measure.calls import Call
from bench.measure.memory import PeakMemory, peak_memory
from bench.measure.prepared import Prepared
from bench.measure.rounds import Lane, Timer
from bench.measure.stopping import Limits
from bench.measure.traces import busy_seconds
from bench.sweeps import Competitor
from reports.sweeps.record import Stopped

# A counter that sees less than this share of the FLOPs by formula has missed an operation.
COUNTED_SHARE = 0.5
# Calls that are traced on a GPU, after the rounds: a trace slows the host, not the GPU.
DEVICE_CALLS = 5
OF_TWIN = "memory and FLOPs: those of the baseline"


@dataclass(frozen=True)
class Measurement:
    """What was measured of one operator on one case.

    Attributes:
        seconds: the operator's time in each round; empty where nothing was to be timed.
        baseline_seconds: the baseline's time in each of these rounds.
        device_seconds: how long the GPU was busy in each of a few calls after the rounds; None
            without a GPU.
        calls: calls in each round, of which the median counts.
        stopped: why the rounds ended.
        order_seed: the seed of the order of operators in the rounds.
        cache: what ran before each timed call.
        warmup_rounds: calls before the first round.
        compile_seconds: the first call, with tracing and compilation; None where the process had
            compiled the case before.
        counted_flops: FLOPs by the backend's counter; None where it misses part of the operator.
        peak_memory_bytes: at the worst moment of a call, with inputs and weights, or None.
        peak_memory_source: who counted the memory, or None.
        notes: why a value is missing, and reasons to doubt the times.
        call: runs the operator once.
    """

    seconds: tuple[float, ...]
    baseline_seconds: tuple[float, ...]
    device_seconds: tuple[float, ...] | None
    calls: int
    stopped: Stopped | None
    order_seed: int
    cache: Cache
    warmup_rounds: int
    compile_seconds: float | None
    counted_flops: int | None
    peak_memory_bytes: int | None
    peak_memory_source: str | None
    notes: tuple[str, ...]
    call: Call


@dataclass(frozen=True)
class Plan:
    """How a case is measured.

    Attributes:
        limits: when an operator has enough rounds.
        timer: returns the time in seconds.
        cache: what runs before each timed call.
        time_limit: seconds after which an operator that is being prepared is given up.
        is_timed: whether to time at all, or to call each operator once.
        pause: runs after a round of each case that is measured, and lets another process measure
            meanwhile; None where there is no other.
    """

    limits: Limits
    timer: Timer
    cache: Cache
    time_limit: float
    is_timed: bool = True
    pause: Callable[[], object] | None = None


Outcome = Measurement | Exception


def outcome(
    competitor: Competitor,
    prepared: Prepared,
    lane: Lane,
    *,
    baseline: Lane,
    order_seed: int,
    cache: Cache,
    about: Sequence[str],
) -> Outcome:
    """Return the measurement of one operator, its costs counted; or its error.

    Args:
        competitor: the operator and its case.
        prepared: the operator that was timed.
        lane: its rounds.
        baseline: those of the baseline.
        order_seed: the seed of the order of operators in the rounds.
        cache: what ran before each timed call.
        about: reasons to doubt the times of its whole case.
    """
    notes = [*prepared.notes, *about]
    if lane.error:
        for each in notes:
            lane.error.add_note(each)
        return lane.error
    try:
        counted, note = _counted_flops(competitor, prepared.call)
    except Exception as error:  # noqa: BLE001 - formulas that fail belong to this record
        return error
    memory = _peak_memory(competitor, prepared.call)
    device, untraced = _device_seconds(prepared.call) if lane.seconds else (None, None)
    notes += filter(None, [note, memory.note, untraced])
    return Measurement(
        seconds=tuple(lane.seconds),
        baseline_seconds=tuple(baseline.seconds[: len(lane.seconds)]),
        device_seconds=device,
        calls=lane.calls,
        stopped=lane.stopped,
        order_seed=order_seed,
        cache=cache,
        warmup_rounds=prepared.warm.rounds,
        compile_seconds=prepared.compile_seconds,
        counted_flops=counted,
        peak_memory_bytes=memory.bytes,
        peak_memory_source=memory.source,
        notes=tuple(notes),
        call=prepared.call,
    )


def _counted_flops(competitor: Competitor, call: Call) -> tuple[int | None, str | None]:
    """Return the FLOPs by the backend's counter, or why there are none."""
    if competitor.operator.is_twin:
        return None, OF_TWIN
    try:
        counted = call.counted_flops()
    except Exception as error:  # noqa: BLE001 - the times are good without this count
        return None, f"FLOPs not measured: {type(error).__name__}: {error}"
    if counted is None:
        return None, "TensorFlow's counter does not see what XLA compiles of this operator"
    if counted < COUNTED_SHARE * competitor.operator.costs(competitor.case).flops:
        return None, f"TensorFlow's counter sees only {counted} FLOPs of this operator"
    return counted, None


def _device_seconds(call: Call) -> tuple[tuple[float, ...] | None, str | None]:
    """Return how long the GPU was busy in each of a few calls, None without one; or why not."""
    if not ACCELERATED:
        return None, None
    try:
        found = [busy_seconds(call) for _ in range(DEVICE_CALLS)]
    except Exception as error:  # noqa: BLE001 - the host's times are good without them
        return None, f"device time not measured: {type(error).__name__}: {error}"
    seconds = tuple(each for each in found if each)
    return (seconds, None) if seconds else (None, "device time not measured: no event in the trace")


def _peak_memory(competitor: Competitor, call: Call) -> PeakMemory:
    if competitor.operator.is_twin:
        return PeakMemory(None, None)
    try:
        return peak_memory(call)
    except Exception as error:  # noqa: BLE001 - the times are good without it
        return PeakMemory(None, None, f"peak memory not measured: {type(error).__name__}: {error}")
