"""Parts of a plan joined: like a whole run, or refused by name."""

import copy
import json
import random

import pandas as pd
import pytest

from reports.__main__ import main
from reports.sweeps import load

COUNT = 3


@pytest.fixture
def whole(builder):
    """A run of all operators on six cases, and one operator that could not be measured."""
    benchmarks = [
        entry
        for direction in ("forward", "training")
        for stride in (1, 2, 4)
        for entry in builder.whole_case("stride", direction, strides=stride)
    ]
    lost = {**benchmarks[-1]["extra_info"], "notes": ["not measured: too large"]}
    return builder.document(
        benchmarks[:-1],
        unmeasured=[lost],
        conditions={"load": 0.1, "peak_flops": 2e11},
        spent={"rounds": 3.0},
        shard=None,
    )


@pytest.fixture
def parts(whole):
    """The same run as three machines would have written it."""
    plan = [entry["fullname"] for entry in whole["benchmarks"]] + ["the lost one"]
    documents = []
    for number in range(1, COUNT + 1):
        part = copy.deepcopy(whole)
        cases = dict.fromkeys(_case(entry) for entry in part["benchmarks"])
        mine = {case for place, case in enumerate(cases) if place % COUNT == number - 1}
        part["benchmarks"] = [each for each in part["benchmarks"] if _case(each) in mine]
        part["unmeasured"] = part["unmeasured"] if number == COUNT else []
        cases = len(part["benchmarks"]) + len(part["unmeasured"])
        part["suite"]["shard"] = f"{number}/{COUNT}"
        part["shard"] = {"number": number, "count": COUNT, "cases": cases, "plan": [*plan]}
        part["machine_info"]["node"] = f"lab-{number}"
        part["machine_info"]["memory_bytes"] += 4096 * number
        part["conditions"] = {"load": number / 10, "peak_flops": number * 1e11}
        part["datetime"] = f"2026-01-02T03:0{9 - number}:00+00:00"
        part["commit_info"]["branch"] = f"(detached at {number})"
        documents.append(part)
    return documents


def _case(entry):
    return entry["extra_info"]["measurement"].replace("training", "forward")


@pytest.fixture
def merge(write, tmp_path, capsys):
    """Join documents by the command: its status, what it said, and the joined document."""

    def run(documents, *words):
        files = [write(each, f"shard-{place}.json") for place, each in enumerate(documents, 1)]
        target = tmp_path / "joined" / "bench.json"
        try:
            status = main(["merge", *map(str, files), "-o", str(target), *map(str, words)])
        except SystemExit as stop:
            status = stop.code
        said = "".join(capsys.readouterr())
        return status, said, json.loads(target.read_text()) if target.exists() else None

    return run


def test_the_parts_in_any_order_are_judged_as_the_whole_run(parts, whole, merge):
    random.Random(0).shuffle(parts)
    status, said, joined = merge(parts)
    assert status == 0
    count = len(whole["benchmarks"])
    assert f"joined/bench.json ({count} records of 3 shards, " in said
    expected, found = (load.from_document(each, "a run") for each in (whole, joined))
    pd.testing.assert_frame_equal(found.judged, expected.judged)
    pd.testing.assert_frame_equal(found.unmeasured, expected.unmeasured)
    assert found.problems == ()
    assert joined["benchmarks"] == whole["benchmarks"]
    assert joined["suite"] == whole["suite"]
    assert joined["shard"] is None


def test_what_each_machine_says_of_itself_is_kept(parts, merge):
    _, _, joined = merge(parts)
    assert joined["machine_info"]["node"] == "lab-1, lab-2, lab-3"
    assert joined["conditions"] == {"load": 0.3, "peak_flops": 1e11}
    assert joined["spent"] == {"rounds": 9.0}
    assert joined["datetime"] == "2026-01-02T03:08:00+00:00"


def _changed(keys, value):
    def change(documents):
        *path, last = keys
        place = documents[1]
        for key in path:
            place = place[key]
        place[last] = value
        return documents

    return change


UNLIKE = {
    "options, sweep_size": _changed(("suite", "sweep_size"), "full"),
    "options, precision": _changed(("suite", "precision"), 0.05),
    "commit, id": _changed(("commit_info", "id"), "fedcba9876543210"),
    "commit, dirty": _changed(("commit_info", "dirty"), True),
    "hardware, cores": _changed(("machine_info", "cores"), 4),
    "hardware, memory_bytes": _changed(("machine_info", "memory_bytes"), 16 * 2**30),
    "hardware, accelerators": _changed(("machine_info", "accelerators"), ["H100"]),
    "software, keras": _changed(("machine_info", "keras"), "3.16.0"),
    "software, threads": _changed(("machine_info", "threads", "intra_op"), 1),
    "software, pytest-benchmark": _changed(("version",), "5.2.0"),
    "options, \N{REPLACEMENT CHARACTER}[31m": _changed(("suite", "\x1b[31m"), 1),
    "plan, case 2": _changed(("shard", "plan", 1), "another"),
    "plan, number of shards": _changed(("shard", "count"), 4),
}


@pytest.mark.parametrize("subject", UNLIKE)
def test_unlike_parts_are_refused_by_name(parts, merge, subject):
    status, said, joined = merge(UNLIKE[subject](parts))
    assert status == 2
    assert "shard-2.json differs from " in said
    assert f"shard-1.json in its {subject}. Expected " in said
    assert joined is None


REFUSED = {
    "shards 1/3 and 3/3 are missing": lambda parts: parts[1:2],
    "shard 3/3 is missing": lambda parts: parts[:2],
    "shard-4.json are both shard 1/3": lambda parts: [*parts, parts[0]],
    "shard 2/3 is not complete: expected 10 cases. Received: 9": lambda parts: [
        parts[0],
        {**parts[1], "benchmarks": parts[1]["benchmarks"][1:]},
        parts[2],
    ],
    "is not planned": _changed(("benchmarks", 0, "fullname"), "a case of another plan"),
    "both hold": lambda parts: _changed(
        ("benchmarks", 0, "fullname"), parts[0]["benchmarks"][0]["fullname"]
    )(parts),
    "expected a part of a plan": lambda parts: [{**parts[0], "shard": None}, *parts[1:]],
    "does not say what its plan was": lambda parts: [
        {**parts[0], "shard": {**parts[0]["shard"], "number": 5}},
        *parts[1:],
    ],
    "shard-2.json: empty": lambda parts: [parts[0], "", parts[2]],
    "expected finite numbers. Received: nan at mine[0].x": _changed(
        ("mine",), [{"x": float("nan")}]
    ),
    "rounds: expected an integer": _changed(("benchmarks", 0, "extra_info", "rounds"), "many"),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_is_not_all_of_one_plan_is_refused(parts, merge, reason):
    status, said, joined = merge(REFUSED[reason](parts))
    assert status == 2
    assert reason in said
    assert joined is None


def test_a_part_without_any_case_may_have_no_file(parts, merge):
    for part in parts:
        part["shard"]["count"] = 5
    status, _, joined = merge(parts)
    assert status == 0
    assert joined is not None


def test_no_part_is_overwritten(parts, merge, tmp_path):
    before = json.dumps(parts[0])
    status, said, _ = merge(parts, "-o", tmp_path / "shard-1.json")
    assert status == 2
    assert "shard-1.json: it is one of the files to read" in said
    assert (tmp_path / "shard-1.json").read_text() == before
