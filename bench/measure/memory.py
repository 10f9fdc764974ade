"""Peak memory of one call: what was asked of TensorFlow's allocator and not yet given back.

A trace has each allocation with the bytes that were asked for. The allocator's own statistics count
the chunks that it hands out, which are up to 1.9 times as large; they stand in where a trace has
no allocations. Resident memory says less: the allocator keeps what it once had.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import tensorflow as tf
from tensorflow.tsl.profiler.protobuf import xplane_pb2

from bench.measure.calls import ACCELERATED, Call

DEVICE = "GPU:0" if ACCELERATED else "CPU:0"
# Allocations are traced from this level on, without functions of Python.
OPTIONS = tf.profiler.experimental.ProfilerOptions(
    host_tracer_level=2, python_tracer_level=0, device_tracer_level=0
)


@dataclass(frozen=True)
class PeakMemory:
    """Peak memory of one call.

    Attributes:
        bytes: inputs, weights and whatever else is held at the worst moment, or None.
        source: where the number is from, or None.
        note: why there is none, or None.
    """

    bytes: int | None
    source: str | None
    note: str | None = None


def peak_memory(call: Call) -> PeakMemory:
    """Measure the peak memory of one call.

    Args:
        call: a call that has run before, so that nothing is compiled now.

    Returns:
        The peak; without bytes where nothing counts.
    """
    try:
        tf.config.experimental.reset_memory_stats(DEVICE)
        before = tf.config.experimental.get_memory_info(DEVICE)["current"]
    except ValueError as error:
        return PeakMemory(None, None, f"peak memory not measured: {error}")
    with tempfile.TemporaryDirectory() as folder:
        with tf.profiler.experimental.Profile(folder, OPTIONS):
            results = call()
        chunks = tf.config.experimental.get_memory_info(DEVICE)["peak"] - before
        del results
        requested = peak(allocations(Path(folder)))
    if requested is None and chunks:
        return PeakMemory(chunks + call.held_bytes, f"chunks of the allocator, {DEVICE}")
    return PeakMemory((requested or 0) + call.held_bytes, f"requests to the allocator, {DEVICE}")


@dataclass(frozen=True, order=True)
class Allocation:
    """Memory taken or given back.

    Attributes:
        time: when, in picoseconds.
        bytes: what was asked for; negative where it is given back.
        address: where it lies.
    """

    time: int
    bytes: int
    address: int


def allocations(folder: Path) -> list[Allocation]:
    """Read what a trace has of the device's memory, in order.

    Args:
        folder: where the trace is.
    """
    found: list[Allocation] = []
    for path in folder.glob("plugins/profile/*/*.xplane.pb"):
        for plane in xplane_pb2.XSpace.FromString(path.read_bytes()).planes:
            found += _of_plane(plane)
    return sorted(found)


def _of_plane(plane: xplane_pb2.XPlane) -> Iterator[Allocation]:
    signs = {"MemoryAllocation": 1, "MemoryDeallocation": -1}
    kinds = {key: signs.get(value.name) for key, value in plane.event_metadata.items()}
    names = {key: value.name for key, value in plane.stat_metadata.items()}
    for line in plane.lines:
        for event in line.events:
            sign = kinds.get(event.metadata_id)
            if sign is None:
                continue
            known = {names[stat.metadata_id]: stat for stat in event.stats}
            allocator = known["allocator_name"]
            if _is_of_device(allocator.str_value or names[allocator.ref_value]):
                yield Allocation(
                    1000 * line.timestamp_ns + event.offset_ps,
                    sign * _number(known["requested_bytes"]),
                    _number(known["addr"]),
                )


def _is_of_device(allocator: str) -> bool:
    # What a GPU's host keeps ready for copies is no memory of the GPU.
    return DEVICE[:3] in allocator.upper() and "host" not in allocator


def _number(stat: xplane_pb2.XStat) -> int:
    return stat.int64_value or stat.uint64_value


def peak(allocated: list[Allocation]) -> int | None:
    """Return the most bytes held at once of those that were taken in the trace.

    Args:
        allocated: in order.

    Returns:
        The bytes; None if none were taken.

    Example:
        >>> peak([Allocation(1, 8, 0), Allocation(2, 4, 1), Allocation(3, -8, 0)])
        12
    """
    held: dict[int, int] = {}
    now, most = 0, None
    for each in allocated:
        if each.bytes < 0:
            now -= held.pop(each.address, 0)
        else:
            held[each.address] = each.bytes
            now += each.bytes
            most = max(most or 0, now)
    return most
