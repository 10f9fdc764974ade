"""From what was read in a trace to the numbers that are kept next to it."""

from collections import defaultdict
from dataclasses import dataclass

from bench.profiling.parts import OTHER, PARTS, compiled_function, part_of
from bench.profiling.reading import Operation, Reading
from bench.profiling.timeline import divide
from reports.profiling.record import OperationTime, TraceNumbers

GENERATION = ("kernel generation", "kernel generation gradients")
CORE = ("core", "core gradients")


@dataclass
class _Sum:
    """What was added up of one operation: its first run, runs, and seconds of the mean step."""

    first: Operation
    occurrences: int = 0
    seconds: float = 0.0


def evaluate(reading: Reading) -> TraceNumbers:
    """Sum up a trace.

    Args:
        reading: what was read in it; at least one step.

    Returns:
        The numbers; the parts in the order of `parts.PARTS`, "other" at the end.
    """
    steps = len(reading.steps)
    sums: dict[tuple[str, str], _Sum] = {}
    dispatch = idle = 0.0
    for step in reading.steps:
        shares = divide(step)
        for operation, seconds in shares.operations:
            total = sums.setdefault((operation.name, operation.kind), _Sum(operation))
            total.occurrences += 1
            total.seconds += seconds / steps
        dispatch += shares.dispatch / steps
        idle += shares.idle / steps
    operations = [
        OperationTime(
            name=name,
            kind=_shown_kind(total.first),
            part=part_of(name, kind),
            occurrences=total.occurrences,
            seconds=total.seconds,
        )
        for (name, kind), total in sums.items()
    ]
    parts = _parts(operations) | {"dispatch": dispatch, OTHER: idle}
    source, peak = _peak(reading)
    return TraceNumbers(
        device=reading.device,
        step_seconds=[step.seconds for step in reading.steps],
        part_seconds={part: parts[part] for part in (*PARTS, OTHER) if part in parts},
        generation_share=_generation_share(parts),
        peak_memory_bytes=peak,
        peak_memory_source=source,
        operations=sorted(operations, key=lambda operation: -operation.seconds),
        notes=[] if source else ["peak memory not measured: no allocator is in the trace"],
    )


def _parts(operations: list[OperationTime]) -> dict[str, float]:
    parts: dict[str, float] = defaultdict(float)
    for operation in operations:
        parts[operation.part] += operation.seconds
    return dict(parts)


def _shown_kind(operation: Operation) -> str:
    is_function = operation.kind.endswith("PartitionedCall") and operation.module
    return f"{compiled_function(operation.module)} (XLA)" if is_function else operation.kind


def _generation_share(parts: dict[str, float]) -> float | None:
    generation = sum(parts.get(part, 0.0) for part in GENERATION)
    core = sum(parts.get(part, 0.0) for part in CORE)
    return generation / (generation + core) if core else None


def _peak(reading: Reading) -> tuple[str | None, int | None]:
    """Choose the allocator of the device that the operations ran on."""
    of_gpu = {name: peak for name, peak in reading.peak_bytes.items() if name.startswith("GPU")}
    candidates = of_gpu if reading.device == "GPU" else reading.peak_bytes
    if not candidates:
        return None, None
    return max(candidates.items(), key=lambda item: item[1])
