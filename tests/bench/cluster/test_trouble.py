"""Nodes that come, go, break and differ in the middle of a sweep: what becomes of the others."""

import json

import pytest

from bench.cluster.errors import ClusterError
from bench.cluster.schedule import MOST_LOSSES
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

MEASURES = answers(lambda _, work: returns(1.0, measured(work)))


def two_kinds(name):
    return about({"a": "Xeon", "b": "EPYC"}[name[0]])


def where(sweep, asked):
    return [place for place, work in sweep.places.started if work["asked"] == asked]


def test_each_gpu_of_a_node_measures(run):
    def rule(place, work):
        flags = {"CUDA_VISIBLE_DEVICES": place, "XLA_FLAGS": "same"}
        if work["asked"] == "plan":
            return returns(3.0, described(machine={**MACHINE, "flags": flags}))
        return MEASURES(place, work)

    assert set(where(run(rule, "a.0", "a.1"), "measure")) == {"a.0", "a.1"}


def test_a_kind_that_cannot_begin_is_missing_and_the_others_are_measured(run, tmp_path):
    def rule(place, work):
        return returns(1.0, {"broken": "no library"}) if place == "b" else MEASURES(place, work)

    sweep = run(rule, "a", "b", machines=two_kinds)
    assert sweep.missing == ["EPYC, 2 cores, 8 GiB"]
    assert sweep.faults == ["b: no library"]
    assert whole(files(tmp_path).popitem()[1])


def test_the_only_node_may_leave_before_it_has_a_plan_and_come_back(run, tmp_path):
    def happens(places):
        places.leave("a", at=1.0)
        places.join("a", at=99.0)

    run(MEASURES, "a", happens=happens)
    assert whole(files(tmp_path).popitem()[1])


def test_it_is_not_waited_for_without_end(run):
    with pytest.raises(ClusterError, match="for 300 s"):
        run(MEASURES, "a", happens=lambda places: places.leave("a", at=1.0))


def test_a_kind_with_another_journal_does_not_end_the_run_of_the_first(run, tmp_path):
    def path_of(place):
        return tmp_path / f"{place.about['hardware']['processor']}.json"

    run(MEASURES, "b", path_of=path_of, machines=two_kinds)

    def machines(name):
        return {**two_kinds(name), "software": {"Keras": name}}

    def rule(place, work):
        value = MEASURES(place, work)
        return (value[0] + 9.0, value[1]) if place == "b" else value

    sweep = run(rule, "a", "b", path_of=path_of, machines=machines, resumes=True)
    assert "b does not measure: --resume: " in sweep.text
    assert "differs in machine, software" in sweep.faults[0]
    assert sweep.missing == ["EPYC, 2 cores, 8 GiB"]
    assert whole(files(tmp_path)["Xeon.json"])


def test_another_node_is_asked_for_conditions_that_the_first_could_not_give(run, tmp_path):
    def rule(place, work):
        if work["asked"] == "conditions" and place == "a":
            return raises(1.5, "OSError: no")
        return MEASURES(place, work)

    sweep = run(rule, "a", "b")
    [document] = files(tmp_path).values()
    assert document["conditions"] == CONDITIONS
    assert whole(document)
    assert where(sweep, "conditions") == ["a", "b"]


def test_a_node_that_breaks_again_and_again_does_not_take_the_run_with_it(run, tmp_path):
    def measure(place, work):
        return returns(1.0, {"broken": "No space left on device"})

    def happens(places):
        ends = places.stop
        places.stop = lambda name: (ends(name), places.join(name, at=places.now + 5.0))

    sweep = run(answers(measure), "a", happens=happens)
    [document] = files(tmp_path).values()
    assert len(document["unmeasured"]) == len(ENTRIES)
    assert "No space left on device" in document["unmeasured"][0]["notes"][0]
    assert len(where(sweep, "measure")) == 4 * MOST_LOSSES


def test_cases_that_one_process_could_not_measure_are_counted(run, tmp_path):
    bad = list(ENTRIES)[3]

    def measure(_, work):
        return returns(1.0, measured(work, failing={bad} if work["process"][0] == 1 else ()))

    assert run(answers(measure), "a", "b", count=2).partial == 1
    [document] = files(tmp_path).values()
    assert whole(document)


def test_a_resumed_run_knows_which_node_measured_a_case(run, tmp_path):
    def stops(place, work):
        if len(seen) == 4:
            raise KeyboardInterrupt
        seen[work["tests"][0]] = place
        return returns(1.0, measured(work))

    seen = {}
    with pytest.raises(KeyboardInterrupt):
        run(answers(stops), "a", "b", count=2)
    [journal] = tmp_path.glob("*process-1*.journal")
    lines = map(json.loads, journal.read_text().splitlines())
    kept = {line["measured"] for line in lines if "measured" in line}
    sweep = run(MEASURES, "a", "b", count=2, resumes=True)
    again = {
        work["tests"][0]: place
        for place, work in sweep.places.started
        if work.get("process") == (2, 2)
    }
    both = kept & again.keys()
    assert len(both) >= 2
    assert all(again[test] != seen[test] for test in both)
