"""Converted traces, of events that are made by hand."""

import pytest

from bench.profiling.conversion import UnreadableTraceError
from bench.profiling.reading import (
    ASYNCHRONOUS,
    Step,
    device_operations,
    host_operations,
    peak_bytes,
    read,
    whole_steps,
)


@pytest.mark.parametrize(("marked", "whole"), [("123456", "2345"), ("123", "2"), ("12", "12")])
def test_the_first_step_and_the_last_may_be_there_in_part(marked, whole):
    steps = {number: Step(float(number), float(number) + 0.5) for number in reversed(marked)}
    assert "".join(whole_steps(steps)) == whole


def event(event_name, start, length, tid=1, **arguments):
    times = {"ts": start, "dur": length}
    return {"ph": "X", "name": event_name, "pid": 7, "tid": tid, "args": arguments, **times}


def test_operations_of_the_executor():
    found = host_operations(
        [
            event("python", 0, 9),
            event("Mul", 1, 2, long_name="a/b:Mul", is_eager="0"),
            event(ASYNCHRONOUS, 4, 3, name="core/PartitionedCall", kernel_type="PartitionedCall"),
            event("fusion", 5, 1, hlo_module="m", hlo_op="fusion"),
            event(ASYNCHRONOUS, 8, 3, tid=2, name="call", kernel_type="PartitionedCall"),
        ]
    )
    assert [(each.name, each.kind, each.module) for each in found] == [
        ("a/b", "Mul", ""),
        ("core/PartitionedCall", "PartitionedCall", "m"),
        ("call", "PartitionedCall", ""),
    ]
    assert (found[0].start, found[0].end) == pytest.approx((1e-6, 3e-6))


def test_kernels_of_a_gpu():
    stream = {
        "ph": "M",
        "name": "thread_name",
        "pid": 7,
        "tid": 3,
        "args": {"name": "Stream #13(Compute)"},
    }
    found = device_operations(
        [
            stream,
            event("sgemm_128x64", 1, 2, tid=3, tf_op="layer/core/MatMul:MatMul"),
            event("fusion_7", 4, 2, tid=3, hlo_op="fusion.7", hlo_module="m"),
            event("Mul", 1, 2, tid=1, long_name="a/b:Mul", is_eager="0"),
        ]
    )
    assert [(each.name, each.kind, each.module) for each in found] == [
        ("layer/core/MatMul", "sgemm_128x64", ""),
        ("fusion.7", "fusion_7", "m"),
    ]


def test_peak_of_each_allocator_that_counted():
    def profile(peak, samples):
        return {
            "profileSummary": {"peakStats": {"peakBytesInUse": peak}},
            "sampledTimelineSnapshots": samples,
        }

    document = {"memoryProfilePerAllocator": {"a": profile("12", [1]), "b": profile("0", [])}}
    assert peak_bytes(document) == {"a": 12}
    assert peak_bytes({}) == {}


def test_a_folder_without_a_trace(tmp_path):
    with pytest.raises(UnreadableTraceError, match="Received: 0"):
        read(tmp_path)
