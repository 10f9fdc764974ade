"""A plan of real records, and what nodes answer that measure it."""

import json

from reports.text import identity
from tests.bench.cluster.simulated import returns
from tests.reports.conftest import Builder

ENTRIES = {
    entry["fullname"]: {**entry, "group": "g", "extra_info": {**entry["extra_info"]}}
    for strides in (1, 2)
    for direction in ("forward", "training")
    for entry in Builder(rounds=8).whole_case("stride", direction, strides=strides)
}
MACHINE = Builder().document([])["machine_info"]
CONDITIONS = {"load": 0.1, "peak_flops": 1e11, "peak_bandwidth": 1e10}


def about(processor="Example CPU 2.0", **software):
    hardware = identity.hardware(
        {"cpu": {"brand_raw": processor}, "cores": 2, "memory_bytes": 2**33, "accelerators": []}
    )
    return {"hardware": hardware, "software": {"Python": "3.11.7", **software}}


def described(**changes):
    tests = [
        {
            "test": test,
            "measurement": entry["extra_info"]["measurement"],
            "direction": entry["extra_info"]["direction"],
            "unmeasured": {**dict.fromkeys(entry["extra_info"]), **blank(entry)},
        }
        for test, entry in ENTRIES.items()
    ]
    suite = {"format": 2, "sweep_size": "quick", "max_time": 0.3}
    plan = {"suite": suite, "machine": MACHINE, "model": None, "timeout": 10.0, "tests": tests}
    return {**plan, **changes}


def blank(entry):
    known = ("sweep", "axis", "axis_value", "operator", "implementation", "executor", "direction")
    sizes = ("batch", "height", "width", "channels", "kernel_size", "strides", "groups", "dtype")
    record = entry["extra_info"]
    return {name: record[name] for name in (*known, *sizes, "is_twin", "is_baseline")}


def measured(work, failing=(), fault=None, at_work=()):
    """What a node returns that measures all but some tests."""
    gone = {*failing, *(at_work or (work["tests"] if fault else ()))}
    return {
        "benchmarks": {test: ENTRIES[test] for test in work["tests"] if test not in gone},
        "unmeasured": {
            test: {"notes": [f"not measured: no {test}"]}
            for test in work["tests"]
            if test in failing
        },
        "at_work": list(at_work),
        "spent": {"rounds": 1.0},
        "fault": fault,
    }


def files(folder):
    """The results files of a folder, by name."""
    return {path.name: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}


def whole(document):
    """Whether a results file has the whole plan, in order."""
    return [entry["fullname"] for entry in document["benchmarks"]] == list(ENTRIES)


def answers(measure):
    """A rule for places whose `measure` says what becomes of a unit of work."""

    def rule(place, work):
        if work["asked"] == "plan":
            return returns(3.0, described())
        if work["asked"] == "conditions":
            return returns(1.0, {"conditions": CONDITIONS})
        return measure(place, work)

    return rule
