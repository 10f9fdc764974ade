"""Entries of several processes, made by hand, and the one entry that they become."""

from statistics import mean, median

import pytest

from bench.session.merging import merged, unmeasured


def entry(seconds, baseline=None, **record):
    """An entry as pytest-benchmark writes it, with a record of few keys."""
    return {
        "name": "bench_a[x]",
        "group": "a",
        "options": {"max_time": 0.1},
        "stats": {"data": seconds, "iterations": 1, "min": -1.0, "rounds": -1},
        "extra_info": {
            "sweep": "a",
            "rounds": len(seconds),
            "process": None,
            "baseline_seconds": baseline or [1.0] * len(seconds),
            "notes": [],
            **record,
        },
    }


def record(**parts):
    """The record that entries of processes 1, 2, ... become."""
    measured = {int(name[1:]): part for name, part in parts.items()}
    return merged(measured, {}, len(measured))["extra_info"]


def test_rounds_are_in_order_of_process():
    parts = {2: entry([4.0], [0.4]), 1: entry([2.0, 3.0], [0.2, 0.3]), 3: entry([5.0], [0.5])}
    found = merged(parts, {}, 3)
    info = found["extra_info"]
    assert found["stats"]["data"] == [2.0, 3.0, 4.0, 5.0]
    assert info["baseline_seconds"] == [0.2, 0.3, 0.4, 0.5]
    assert info["process"] == [1, 1, 2, 3]
    assert info["rounds"] == 4


def test_statistics_are_those_of_all_rounds():
    seconds = [2.0, 3.0], [4.0, 9.0, 5.0]
    stats = merged({1: entry(seconds[0]), 2: entry(seconds[1])}, {}, 2)["stats"]
    both = [*seconds[0], *seconds[1]]
    assert (stats["min"], stats["max"], stats["rounds"]) == (2.0, 9.0, 5)
    assert (stats["mean"], stats["median"]) == (mean(both), median(both))
    assert stats["iterations"] == 1


def test_what_is_said_once_is_that_of_the_first_process_that_says_it():
    found = record(
        p1=entry([1.0], compile_seconds=None, order_seed=7, peak_memory_bytes=None),
        p2=entry([1.0], compile_seconds=0.5, order_seed=8, peak_memory_bytes=64),
        p3=entry([1.0], compile_seconds=0.9, order_seed=9, peak_memory_bytes=65),
    )
    assert found["compile_seconds"] == 0.5
    assert found["order_seed"] == 7
    assert found["peak_memory_bytes"] == 64


@pytest.mark.parametrize(
    ("reasons", "least_good"),
    [
        (("decided", "decided"), "decided"),
        (("decided", "precise"), "precise"),
        (("time", "precise"), "time"),
        (("decided", None), "decided"),
        ((None, None), None),
    ],
)
def test_the_least_good_reason_to_stop_is_kept(reasons, least_good):
    first, second = (entry([1.0], stopped=reason) for reason in reasons)
    assert record(p1=first, p2=second)["stopped"] == least_good


def test_device_seconds_are_joined_only_where_all_processes_have_them():
    with_both = record(p1=entry([1.0], device_seconds=[0.1]), p2=entry([1.0], device_seconds=[0.2]))
    with_one = record(p1=entry([1.0], device_seconds=[0.1]), p2=entry([1.0], device_seconds=None))
    assert with_both["device_seconds"] == [0.1, 0.2]
    assert with_one["device_seconds"] is None
    assert "device_seconds" not in record(p1=entry([1.0]), p2=entry([1.0]))


def test_equal_notes_are_there_once_and_others_say_whose_they_are():
    found = record(
        p1=entry([1.0], notes=["of all", "of the first"]),
        p2=entry([1.0], notes=["of two", "of all"]),
        p3=entry([1.0], notes=["of two", "of all"]),
    )
    assert found["notes"] == [
        "of all",
        "of the first (in process 1 of 3)",
        "of two (in processes 2, 3 of 3)",
    ]


def test_a_case_that_failed_in_some_processes_keeps_the_rounds_of_the_others():
    failed = {1: {"notes": ["not measured: MemoryError: no room"]}}
    found = merged({2: entry([2.0]), 4: entry([4.0])}, failed, 4)
    assert found["stats"]["data"] == [2.0, 4.0]
    assert found["extra_info"]["process"] == [2, 4]
    assert found["extra_info"]["notes"] == [
        "not measured: MemoryError: no room (in process 1 of 4)",
        "not measured (in process 3 of 4)",
    ]


def test_a_case_that_failed_in_all_processes_keeps_all_reasons():
    failed = {
        1: {"operator": "x", "macs": None, "notes": ["not measured: too slow"]},
        2: {"operator": "x", "macs": 9, "notes": ["not measured: too large"]},
    }
    assert unmeasured(failed, 2) == {
        "operator": "x",
        "macs": 9,
        "notes": [
            "not measured: too slow (in process 1 of 2)",
            "not measured: too large (in process 2 of 2)",
        ],
    }


def test_nothing_that_comes_in_is_changed():
    first, second = entry([1.0]), entry([2.0])
    merged({1: first, 2: second}, {}, 2)
    assert first == entry([1.0])
    assert second == entry([2.0])
