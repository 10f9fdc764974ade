import pytest

from bench.compare.documents import joined
from bench.compare.errors import NotComparableError
from reports.sweeps.load import from_document
from tests.bench.compare.conftest import document
from tests.reports.conftest import in_format_1


def test_a_joined_file_is_a_results_file_with_all_rounds():
    parts = [document(seed) for seed in range(3)]
    run = from_document(joined(parts), "joined")
    assert run.problems == ()
    assert len(run.records) == len(parts[0]["benchmarks"])
    expected = [seconds for part in parts for seconds in part["benchmarks"][4]["stats"]["data"]]
    assert list(run.records["seconds"][4]) == expected


def test_the_time_is_that_of_all_processes():
    suite = {"format": 2, "sweep_size": "quick", "max_time": 0.5}
    parts = [document(seed, suite=suite) for seed in range(2)]
    assert joined(parts)["suite"] == {**suite, "max_time": 1.0, "processes": 2}


def test_what_the_time_was_spent_on_is_added_up():
    parts = [document(1, spent={"rounds": 1.0}), document(2, spent={"rounds": 2.0, "checks": 0.5})]
    assert joined(parts)["spent"] == {"rounds": 3.0, "checks": 0.5}


def test_files_of_format_1_are_joined_too():
    parts = [in_format_1(document(seed)) for seed in range(2)]
    run = from_document(joined(parts), "joined")
    assert run.problems == ()
    assert len(run.records["seconds"][0]) == 80


def test_a_case_that_failed_once_keeps_its_rounds_and_one_that_always_failed_its_reasons():
    parts = [document(seed) for seed in range(2)]
    for part, number in zip(parts, (1, 2), strict=True):
        failed = part["benchmarks"][: 3 - number]  # two in the first process, one in the second
        del part["benchmarks"][: 3 - number]
        reason = [f"not measured: reason {number}"]
        part["unmeasured"] = [{**entry["extra_info"], "notes": reason} for entry in failed]
    found = joined(parts)
    [lost] = found["unmeasured"]
    assert lost["notes"] == [
        "not measured: reason 1 (in process 1 of 2)",
        "not measured: reason 2 (in process 2 of 2)",
    ]
    assert len(found["benchmarks"]) == len(document(0)["benchmarks"]) - 1
    by_name = {entry["fullname"]: entry for entry in found["benchmarks"]}
    partial = by_name[document(0)["benchmarks"][1]["fullname"]]["extra_info"]
    assert set(partial["process"]) == {2}
    assert "not measured: reason 1 (in process 1 of 2)" in partial["notes"]


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("machine_info", {"node": "other"}, "differs from process 1 in machine_info, "),
        ("suite", {"format": 2, "sweep_size": "full"}, "in suite, sweep_size. Expected 'default'"),
        ("suite", None, "no results file of this benchmark"),
        ("benchmarks", [{}], "no results file of this benchmark: KeyError"),
    ],
)
def test_what_does_not_belong_together_is_refused(key, value, reason):
    with pytest.raises(NotComparableError, match=reason):
        joined([document(1), {**document(2), key: value}])
