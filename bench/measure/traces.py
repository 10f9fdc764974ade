"""Traces of calls: the memory that they request, and how long the GPU is busy, here TensorFlow's.

Another backend needs the same names.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import tensorflow as tf

from bench.measure.backend import DEVICE

Result = TypeVar("Result")


@dataclass(frozen=True, order=True)
class Allocation:
    """Memory that was requested or freed.

    Attributes:
        time: when, in picoseconds.
        bytes: the size of the request; negative where it is freed.
        address: where the memory begins.
    """

    time: int
    bytes: int
    address: int


def record_memory(call: Callable[[], object]) -> tuple[list[Allocation], int]:
    """Run a call and record what it takes from the allocator of the device.

    Args:
        call: has run before, so that nothing is compiled now.

    Returns:
        The allocations in order of time, and the peak of the bytes of the allocator's chunks.

    Raises:
        ValueError: if the device keeps no memory statistics.
    """
    tf.config.experimental.reset_memory_stats(DEVICE)
    before = tf.config.experimental.get_memory_info(DEVICE)["current"]

    def peak() -> int:
        results = call()
        most: int = tf.config.experimental.get_memory_info(DEVICE)["peak"] - before
        del results
        return most

    # Allocations are traced from host level 2 on.
    planes, chunks = _traced(peak, host_tracer_level=2)
    return sorted(event for plane in planes for event in _of_plane(plane)), chunks


def busy_seconds(call: Callable[[], object]) -> float | None:
    """Run a call and return how long the GPU was busy, whatever the host did meanwhile.

    Args:
        call: has run before, so that nothing is compiled now; it ends when the GPU has finished.

    Returns:
        Seconds in which at least one kernel or copy ran; None where there is no GPU or no trace.
    """
    planes, _ = _traced(call, device_tracer_level=1)
    return busy(
        (1000 * line.timestamp_ns + event.offset_ps, event.duration_ps)
        for plane in planes
        if plane.name.startswith("/device:GPU")
        for line in plane.lines
        for event in line.events
    )


def busy(events: Iterable[tuple[int, int]]) -> float | None:
    """Return for how long at least one event lasted.

    Args:
        events: start and duration of each, in picoseconds.

    Returns:
        Seconds, None without an event.

    Example:
        >>> busy([(0, 2 * 10**12), (10**12, 3 * 10**12), (9 * 10**12, 10**12)])
        5.0
    """
    total, end = 0, None
    for start, duration in sorted(events):
        if end is None or start > end:
            end = start
        total += max(0, start + duration - end)
        end = max(end, start + duration)
    return None if end is None else total / 1e12


def _traced(call: Callable[[], Result], **levels: int) -> tuple[list[Any], Result]:
    """Run a call under TensorFlow's profiler; return the planes of the trace and the result."""
    options = tf.profiler.experimental.ProfilerOptions(
        **{"host_tracer_level": 0, "python_tracer_level": 0, "device_tracer_level": 0, **levels}
    )
    with TemporaryDirectory() as folder:
        with tf.profiler.experimental.Profile(folder, options):
            result = call()
        return list(_planes(Path(folder))), result


def _planes(folder: Path) -> Iterator[Any]:
    try:
        from tensorflow.tsl.profiler.protobuf import xplane_pb2  # noqa: PLC0415  a private module
    except ImportError:
        # Without it the chunks of the allocator are the measure, as `peak_memory_source` says.
        return
    for path in folder.glob("plugins/profile/*/*.xplane.pb"):
        yield from xplane_pb2.XSpace.FromString(path.read_bytes()).planes


def _of_plane(plane: Any) -> Iterator[Allocation]:
    """Find the allocations on the device in a plane of a trace."""
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
    # A GPU's host has buffers for copies, which are no memory of the GPU.
    return DEVICE[:3] in allocator.upper() and "host" not in allocator


def _number(stat: Any) -> int:
    return int(stat.int64_value or stat.uint64_value)
