"""Peak memory of one call: bytes requested from the allocator and not yet freed.

A trace has each allocation with the bytes that were requested. The allocator's own statistics count
its chunks, which are up to 1.9 times as large; they are the measure where a trace has no
allocations. Resident memory would say less: the allocator keeps what was freed. Native kernels
count their scratch memory themselves; it is added.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bench.measure.backend import DEVICE
from bench.measure.calls import Call
from bench.measure.traces import Allocation, record_memory
from involution.ops.native.library import peak_scratch


@dataclass(frozen=True)
class PeakMemory:
    """Peak memory of one call.

    Attributes:
        bytes: inputs, weights and whatever else is held at the worst moment, or None.
        source: who counted, or None.
        note: why there is no number, or None.
    """

    bytes: int | None
    source: str | None
    note: str | None = None


def peak_memory(call: Call) -> PeakMemory:
    """Measure the peak memory of one call.

    Args:
        call: a call that has run before, so that nothing is compiled now.

    Returns:
        The peak; without bytes where the device has no statistics.
    """
    peak_scratch()  # begins again
    try:
        allocations, chunks = record_memory(call)
    except ValueError as error:
        return PeakMemory(None, None, f"peak memory not measured: {error}")
    # Native kernels take scratch memory from the system, most likely at the worst moment.
    held = call.held_bytes + peak_scratch()
    requested = peak(allocations)
    if requested is None and chunks:
        return PeakMemory(chunks + held, f"chunks of the allocator, {DEVICE}")
    return PeakMemory((requested or 0) + held, f"requests to the allocator, {DEVICE}")


def peak(allocations: Iterable[Allocation]) -> int | None:
    """Return the most bytes that were held at once, of those requested in the trace.

    Args:
        allocations: in order of time.

    Returns:
        The bytes; None if none were requested.

    Example:
        >>> peak([Allocation(1, 8, 0), Allocation(2, 4, 1), Allocation(3, -8, 0)])
        12
    """
    held: dict[int, int] = {}
    now = 0
    most: int | None = None
    for each in allocations:
        if each.bytes < 0:
            now -= held.pop(each.address, 0)
        else:
            held[each.address] = each.bytes
            now += each.bytes
            most = max(most or 0, now)
    return most
