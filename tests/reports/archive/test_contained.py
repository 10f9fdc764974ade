"""Files that hold no run of their own: parts of others, and what the suite writes beside them."""

import copy
import json

import pytest

from reports.archive.contained import wholes
from reports.archive.reading import read
from reports.archive.writing import add
from tests.reports.conftest import Builder


def process(seed):
    """What one process of a comparison leaves."""
    builder = Builder(rounds=8, seed=seed)
    return builder.document(builder.sweep("stride"))


def joined(*documents):
    """The rounds of several processes in one file, as `--processes` writes it."""
    whole = copy.deepcopy(documents[0])
    for place, entry in enumerate(whole["benchmarks"]):
        parts = [document["benchmarks"][place] for document in documents]
        for rounds, key in (("stats", "data"), ("extra_info", "baseline_seconds")):
            entry[rounds][key] = [each for part in parts for each in part[rounds][key]]
        entry["extra_info"] |= {
            "process": [number for number in range(1, len(parts) + 1) for _ in range(8)],
            "rounds": 8 * len(parts),
        }
    return whole


def rounds_in(folder):
    return read(folder, ["round_seconds"])["round_seconds"].map(len)


@pytest.fixture
def parts(write):
    documents = [process(seed) for seed in (1, 2)]
    return [write(each, f"after-{number}.json") for number, each in enumerate(documents, start=1)]


@pytest.fixture
def whole(parts, write):
    return write(joined(*(json.loads(path.read_text()) for path in parts)), "after.json")


def test_a_file_whose_rounds_another_holds_is_a_part_of_it(parts, whole, write):
    # One more operator in one more process is no part, though most of it is.
    other = json.loads(parts[0].read_text())
    other["benchmarks"][0]["stats"]["data"][0] *= 2
    more = write(other, "more.json")
    assert wholes([*parts, more, whole]) == dict.fromkeys(parts, whole)
    assert wholes(parts) == {}
    assert wholes([whole, whole]) == {}


def test_what_was_stopped_is_a_part_of_what_was_resumed(write):
    document = process(1)
    stopped = write({**document, "benchmarks": document["benchmarks"][:3]}, "stopped.json")
    resumed = write(document, "resumed.json")
    assert wholes([resumed, stopped]) == {stopped: resumed}


def test_of_several_that_hold_it_the_largest_is_named(parts, whole, write):
    documents = [*(json.loads(path.read_text()) for path in parts), process(3)]
    largest = write(joined(*documents), "largest.json")
    assert wholes([parts[0], whole, largest]) == {parts[0]: largest, whole: largest}


def test_a_part_of_a_plan_holds_nothing_since_no_archive_keeps_it(parts, whole, write):
    document = json.loads(whole.read_text())
    shard = {"number": 1, "count": 2, "cases": len(document["benchmarks"]), "plan": []}
    assert wholes([*parts, write({**document, "shard": shard}, "shard.json")]) == {}


def test_what_holds_parts_but_is_no_run_leaves_them_to_be_added(parts, whole, write, tmp_path):
    document = json.loads(whole.read_text())
    for entry in document["benchmarks"]:
        entry["extra_info"]["rounds"] = "many"
    more = document["benchmarks"][0]
    extra = {**more, "fullname": "another", "stats": {"data": [1.0]}}
    extra["extra_info"] = {**more["extra_info"], "process": [1]}
    # It holds all that the whole does, and more, but no record of it is valid.
    invalid = write({**document, "benchmarks": [*document["benchmarks"], extra]}, "invalid.json")
    assert wholes([*parts, invalid, whole]) == dict.fromkeys(parts, whole)
    assert wholes([*parts, invalid]) == {}
    *added, lost = add(tmp_path / "archive", [*parts, invalid])
    assert [each.is_new for each in added] == [True, True]
    assert lost.problems
    assert not lost.run


@pytest.mark.parametrize("data", [None, 1, [[1.0], {}], [1.0]])
def test_what_is_no_results_file_is_no_part(data, parts, write):
    document = json.loads(parts[0].read_text())
    document["benchmarks"][0]["stats"]["data"] = data
    document["benchmarks"][0]["extra_info"]["process"] = [1, 2]
    broken = write(document, "broken.json")
    assert wholes([broken, write("", "empty.json"), write([1], "list.json")]) == {}


def test_a_whole_folder_is_archived_without_counting_a_round_twice(parts, whole, write, tmp_path):
    beside = [
        write({"compared": {}, "seconds": {}}, "state.json"),
        write({"revisions": {}, "cases": [], "operators": []}, "compare.json"),
        write('{"journal": 1}', "after-1.json.journal"),
        write('{"journal": 1}', "after.json.process-2.journal"),
        write("collected 3 items", "after-1.log"),
        write("<!DOCTYPE html>", "after.html"),
    ]
    files = [*parts, *beside, whole]
    additions = list(add(tmp_path / "archive", files))
    assert [each.problems for each in additions] == [()] * len(files)
    assert [bool(each.skipped) for each in additions] == [True] * (len(files) - 1) + [False]
    assert "after.json" in additions[0].skipped
    assert set(rounds_in(tmp_path / "archive")) == {16}


def test_what_is_no_json_is_skipped_with_a_word(document, write, tmp_path):
    """As in `results/*`, with the archive in that folder."""
    archive = tmp_path / "archive"
    run = write(document, "bench.json")
    others = [
        *(write("a,b", name) for name in ("records.csv", "summary.md", "report.html", "lost.log")),
        write("", "empty"),
        tmp_path,
    ]
    assert [each.skipped for each in add(archive, [run, *others])] == [
        "",
        *["no JSON, as results are"] * 5,
        "a folder, whose files are to be named",
    ]
    [known, itself] = add(archive, [run, archive])
    assert (known.is_new, known.records > 0) == (False, True)
    assert itself.skipped == "an archive"


@pytest.mark.parametrize("start", ["", "\ufeff", " \n"])
def test_results_are_known_whatever_they_are_called(start, document, write, tmp_path):
    [found] = add(tmp_path / "archive", [write(start + json.dumps(document), "bench-old")])
    assert found.is_new


def test_what_should_be_results_is_a_problem_still(write, tmp_path):
    lost = [
        write('{"journal": 1}', "lost.json.journal"),
        write("", "empty.json"),
        write("{", "cut"),
        write({"layers": []}, "other.json"),
        tmp_path / "missing.html",
    ]
    additions = list(add(tmp_path / "archive", lost))
    assert [bool(each.problems) for each in additions] == [True] * len(lost)
    assert "with --resume writes it" in additions[0].problems[0]
    assert "no such file" in additions[-1].problems[0]
