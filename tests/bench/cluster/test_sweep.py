"""A plan on simulated nodes that return real records: who measures what, and what is written."""

from collections import Counter

import pytest

from bench.cluster.errors import ClusterUsageError
from reports.sweeps.load import read
from tests.bench.cluster.planned import (
    CONDITIONS,
    ENTRIES,
    MACHINE,
    about,
    answers,
    described,
    files,
    measured,
    whole,
)
from tests.bench.cluster.simulated import raises, returns


def test_a_plan_is_spread_over_nodes_and_written_as_pytest_bench_does(run, tmp_path):
    sweep = run(answers(lambda place, work: returns(2.0, measured(work))), "a", "b")
    [(name, document)] = files(tmp_path).items()
    assert name.startswith("example-cpu-2-0-2-cores-8-gib-")
    assert whole(document)
    assert document["machine_info"] == MACHINE
    assert document["conditions"] == CONDITIONS
    assert document["suite"]["processes"] == 1
    assert document["spent"] == {"rounds": 4.0}
    journal = (tmp_path / f"{name}.journal").read_text().splitlines()
    assert '"spent"' in journal[-2]  # after what was measured: killed between, it counts once
    assert len(read(tmp_path / name).content.records) == len(ENTRIES)
    asked = Counter((place, work["asked"]) for place, work in sweep.places.started)
    assert asked["a", "plan"] == asked["b", "plan"] == 1
    assert asked["a", "conditions"] + asked["b", "conditions"] == 1
    assert asked["a", "measure"] == asked["b", "measure"] == 2
    assert "a joined: Example CPU 2.0, 2 cores, 8 GiB" in sweep.text
    assert f"{len(ENTRIES)}/{len(ENTRIES)} " in sweep.text


def test_what_fails_on_one_node_is_measured_on_another(run, tmp_path):
    bad = list(ENTRIES)[3]

    def measure(place, work):
        return returns(1.0, measured(work, failing={bad} if place == "a" else ()))

    sweep = run(answers(measure), "a", "b")
    [document] = files(tmp_path).values()
    assert whole(document)
    assert document["unmeasured"] == []
    alone = [(place, work) for place, work in sweep.places.started if work.get("tests") == [bad]]
    if alone:  # where node a had the case first
        [(place, work)] = alone
        assert place == "b"
        assert work["begun"] == [ENTRIES[bad]["extra_info"]["measurement"]]


def test_what_fails_on_two_nodes_is_recorded_with_its_reason(run, tmp_path):
    bad = list(ENTRIES)[3]
    sweep = run(answers(lambda _, work: returns(1.0, measured(work, failing={bad}))), "a", "b", "c")
    [document] = files(tmp_path).values()
    [record] = document["unmeasured"]
    assert record["operator"] == ENTRIES[bad]["extra_info"]["operator"]
    reason, where = record["notes"]
    assert reason == f"not measured: no {bad}"
    assert where.startswith("tried on ")
    assert len(document["benchmarks"]) == len(ENTRIES) - 1
    assert sweep.books[next(iter(sweep.books))].unmeasured == 1


def test_an_error_is_not_tried_again_on_the_only_node(run, tmp_path):
    bad = list(ENTRIES)[3]
    sweep = run(answers(lambda _, work: returns(1.0, measured(work, failing={bad}))), "a")
    assert [work["asked"] for _, work in sweep.places.started].count("measure") == 4
    assert files(tmp_path).popitem()[1]["unmeasured"][0]["notes"] == [f"not measured: no {bad}"]


def test_an_operator_that_ends_its_process_does_not_take_the_others_with_it(run, tmp_path):
    bad = list(ENTRIES)[3]

    def measure(place, work):
        if bad in work["tests"]:
            fault = "its process was killed by SIGKILL"
            value = measured(work, fault=fault, at_work=[bad])
            return returns(1.0, {**value, "benchmarks": {}})
        return returns(1.0, measured(work))

    run(answers(measure), "a")
    [document] = files(tmp_path).values()
    assert len(document["benchmarks"]) == len(ENTRIES) - 1
    assert document["unmeasured"][0]["notes"][0].endswith("killed by SIGKILL")


def test_what_hangs_is_recorded_with_its_reason(run, tmp_path):
    bad = next(iter(ENTRIES))

    def measure(place, work):
        return None if bad in work["tests"] else returns(1.0, measured(work))

    places = []

    def rule(place, work):
        places.append(place)
        return answers(measure)(place, work)

    run(rule, "a", "b", "c")
    [document] = files(tmp_path).values()
    assert "took longer than its limit of" in document["unmeasured"][0]["notes"][0]
    together = {
        test
        for test, entry in ENTRIES.items()
        if entry["extra_info"]["measurement"] == ENTRIES[bad]["extra_info"]["measurement"]
    }
    assert len(document["unmeasured"]) == len(together)


def test_processes_go_to_different_nodes_and_are_joined(run, tmp_path):
    sweep = run(answers(lambda _, work: returns(1.0, measured(work))), "a", "b", "c", count=3)
    [document] = files(tmp_path).values()
    assert whole(document)
    assert document["suite"]["processes"] == 3
    info = document["benchmarks"][0]["extra_info"]
    assert info["process"] == [1] * 8 + [2] * 8 + [3] * 8
    where = {
        (work["tests"][0], place) for place, work in sweep.places.started if work.get("process")
    }
    assert len(where) == 4 * 3
    assert [path.name for path in tmp_path.glob("*process*")] == []
    assert len(read(next(tmp_path.glob("*.json"))).content.records) == len(ENTRIES)


def test_each_kind_of_nodes_measures_the_whole_plan(run, tmp_path):
    sweep = run(
        answers(lambda _, work: returns(1.0, measured(work))),
        *("a1", "a2", "b1"),
        machines=lambda name: about({"a": "Xeon", "b": "EPYC"}[name[0]]),
    )
    found = files(tmp_path)
    assert [name.split("-")[0] for name in found] == ["epyc", "xeon"]
    assert all(map(whole, found.values()))
    assert len(sweep.books) == 2


def test_a_run_that_ended_early_goes_on(run, tmp_path):
    def stops(place, work):
        if len(seen) == 2:
            raise KeyboardInterrupt
        seen.append(work["tests"])
        return returns(1.0, measured(work))

    seen = []
    with pytest.raises(KeyboardInterrupt):
        run(answers(stops), "a")
    assert files(tmp_path) == {}
    again = []
    sweep = run(
        answers(lambda _, work: again.append(work["tests"]) or returns(1.0, measured(work))),
        "a",
        resumes=True,
    )
    assert "resumed: " in sweep.text
    assert whole(files(tmp_path).popitem()[1])
    assert [*seen, *again] == seen + [tests for tests in again if tests not in seen]
    assert len(again) == 2


def test_a_run_of_other_nodes_is_not_resumed(run, tmp_path):
    rule = answers(lambda _, work: returns(1.0, measured(work)))
    name = {"path_of": lambda _: tmp_path / "bench.json"}
    run(rule, "a", **name)
    with pytest.raises(ClusterUsageError, match="differs in machine, software"):
        run(rule, "a", resumes=True, machines=lambda name: about(Keras="4"), **name)


def test_a_node_with_another_plan_does_not_measure(run):
    def rule(place, work):
        if work["asked"] == "plan" and place == "b":
            return returns(5.0, described(tests=described()["tests"][:3]))
        return answers(lambda _, work: returns(9.0, measured(work)))(place, work)

    sweep = run(rule, "a", "b")
    assert "b does not measure: its pytest collects another plan" in sweep.text
    assert {place for place, work in sweep.places.started if work["asked"] == "measure"} == {"a"}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"refused": "ERROR: no such option"}, "no such option"),
        (described(tests=[]), "no case for these options"),
    ],
)
def test_options_that_pytest_does_not_take_are_refused(run, answer, words):
    with pytest.raises(ClusterUsageError, match=words):
        run(lambda place, work: returns(1.0, answer), "a")


def test_a_run_without_a_node_that_can_begin_says_why(run):
    sweep = run(lambda place, work: raises(1.0, "OSError: full"), "a")
    assert sweep.books == {}
    assert sweep.faults == ["on a: OSError: full"]


def test_a_node_that_breaks_gives_its_case_to_another(run, tmp_path):
    def measure(place, work):
        if place == "a":
            return returns(1.0, {"broken": "[Errno 28] No space left on device"})
        return returns(1.0, measured(work))

    sweep = run(answers(measure), "a", "b")
    [document] = files(tmp_path).values()
    assert whole(document)
    assert document["unmeasured"] == []
    assert sweep.places.stopped == ["a"]
    assert "a left: [Errno 28] No space left on device" in sweep.text
