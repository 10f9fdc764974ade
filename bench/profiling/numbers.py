"""From what was read in a trace to the numbers that are kept beside it."""

from collections import defaultdict
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from bench.profiling.parts import OTHER, PARTS, compiled_function, part_of
from bench.profiling.reading import Operation, Reading
from bench.profiling.timeline import divide

GENERATION = ("kernel generation", "kernel generation gradients")
CORE = ("core", "core gradients")


@dataclass
class OperationTime:
    """The time of one operation.

    Attributes:
        name: the operation with its scopes.
        kind: its type, or the function that XLA compiled; a kernel's name on a GPU.
        part: the part of the step that it belongs to.
        occurrences: how often it ran in all steps.
        seconds: its share of the mean step.
    """

    name: str
    kind: str
    part: str
    occurrences: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Numbers:
    """What a trace says in numbers: seconds, bytes, shares.

    Attributes:
        device: "CPU" or "GPU", whose operations they are.
        step_seconds: of each step that TensorBoard's overview counts.
        part_seconds: mean a step by part, `parts.PARTS` in order as far as they occur and
            "other" at the end; their sum is the mean step.
        generation_share: kernel generation's share of involution, of generation and core
            together with their gradients; None where there is no involution.
        peak_memory_bytes: in use at the worst moment of the trace, or None.
        peak_memory_source: which allocator counted it, or None.
        operations: all operations, the longest first.
        notes: why a value is missing.
    """

    device: str
    step_seconds: list[float]
    part_seconds: dict[str, float]
    generation_share: float | None
    peak_memory_bytes: int | None
    peak_memory_source: str | None
    operations: list[OperationTime]
    notes: list[str] = field(default_factory=list)


def evaluate(reading: Reading) -> Numbers:
    """Sum up a trace.

    Args:
        reading: what was read in it; one step at least.

    Returns:
        The numbers.
    """
    steps = len(reading.steps)
    times: dict[tuple[str, str], OperationTime] = {}
    parts: dict[str, float] = defaultdict(float)
    for step in reading.steps:
        shares = divide(step)
        for operation, seconds in shares.operations:
            time = _time_of(operation, times)
            time.occurrences += 1
            time.seconds += seconds / steps
            parts[time.part] += seconds / steps
        parts["dispatch"] += shares.dispatch / steps
        parts[OTHER] += shares.idle / steps
    source, peak = _peak(reading)
    return Numbers(
        reading.device,
        [step.seconds for step in reading.steps],
        {part: parts[part] for part in (*PARTS, OTHER) if part in parts},
        _generation_share(parts),
        peak,
        source,
        sorted(times.values(), key=lambda time: -time.seconds),
        [] if source else ["peak memory not measured: no allocator is in the trace"],
    )


def mean_step(numbers: Numbers) -> float:
    """Return the mean of the steps, in seconds."""
    return fmean(numbers.step_seconds)


def _time_of(operation: Operation, times: dict[tuple[str, str], OperationTime]) -> OperationTime:
    key = operation.name, operation.kind
    if key not in times:
        times[key] = OperationTime(
            operation.name,
            _kind(operation),
            part_of(operation.name, operation.kind),
        )
    return times[key]


def _kind(operation: Operation) -> str:
    is_function = operation.kind.endswith("PartitionedCall") and operation.module
    return f"{compiled_function(operation.module)} (XLA)" if is_function else operation.kind


def _generation_share(parts: dict[str, float]) -> float | None:
    generation = sum(parts.get(part, 0.0) for part in GENERATION)
    core = sum(parts.get(part, 0.0) for part in CORE)
    return generation / (generation + core) if core else None


def _peak(reading: Reading) -> tuple[str | None, int | None]:
    """Choose the allocator of the device that the operations ran on."""
    of_gpu = {name: peak for name, peak in reading.peak_bytes.items() if name.startswith("GPU")}
    candidates: dict[str, Any] = of_gpu if reading.device == "GPU" else reading.peak_bytes
    return max(candidates.items(), key=lambda item: item[1], default=(None, None))
