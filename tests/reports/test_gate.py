"""The exit status of a gate: 0 fine, 1 slower, 3 not compared; each case that decides is named."""

import json

import pytest

from reports.__main__ import main
from reports.sweeps.intervals import LEAST_ROUNDS, intervals
from tests.reports.conftest import Builder


def document(seed, rounds=50):
    builder = Builder(rounds, seed=seed)
    return builder.document(builder.sweep("stride"))


def fused(entries):
    return [entry for entry in entries if "fused" in entry["fullname"]]


@pytest.fixture
def gate(tmp_path, capsys):
    """Compare two documents; return the status, what was printed, and the page."""

    def run(old, new, *words, form="md"):
        for name, content in (("old", old), ("new", new)):
            (tmp_path / f"{name}.json").write_text(json.dumps(content))
        page = tmp_path / "page"
        words = [*words, "--format", form, "-o", str(page)]
        files = [str(tmp_path / "new.json"), "--baseline", str(tmp_path / "old.json")]
        status = main([*files, "--fail-if-slower", "5%", *words])
        said = capsys.readouterr()
        return status, said.out + said.err, page.read_text() if page.exists() else ""

    return run


def test_equal_runs_pass(gate):
    assert gate(document(1), document(2))[0] == 0


def test_a_slower_case_closes_it(gate):
    new = document(2)
    new["benchmarks"].pop()  # what is missing besides changes nothing
    slow = fused(new["benchmarks"])[0]["stats"]
    slow["data"] = [1.5 * seconds for seconds in slow["data"]]
    status, said, _ = gate(document(1), new)
    assert status == 1
    assert "1 record became slower" in said


@pytest.mark.parametrize("reason", ["not in the newer run", "took longer than its time limit"])
def test_cases_that_are_gone_close_it_unless_allowed(gate, reason):
    new = document(2)
    gone = fused(new["benchmarks"])
    new["benchmarks"] = [entry for entry in new["benchmarks"] if entry not in gone]
    if reason.startswith("took"):
        new["unmeasured"] = [{**entry["extra_info"], "notes": [reason]} for entry in gone]
    status, said, page = gate(document(1), new, form="html")
    assert status == 3
    assert f"Not compared: {len(gone)} records; --allow-missing lets them pass." in said
    for entry in gone:
        assert f"not compared: {entry['fullname']}: {reason}\n" in said
        assert f"<code>{entry['fullname']}</code>: {reason}" in page
    assert gate(document(1), new, "--allow-missing")[0] == 0


@pytest.mark.parametrize("few", ["older", "newer"])
def test_too_few_rounds_close_it_however_much_slower(gate, few):
    old, new = (document(1, 5), document(2)) if few == "older" else (document(1), document(2, 5))
    for entry in fused(new["benchmarks"]):
        entry["stats"]["data"] = [100 * seconds for seconds in entry["stats"]["data"]]
    status, said, _ = gate(old, new)
    assert status == 3
    assert f"5 rounds in the {few} run; an interval needs 6" in said


def test_the_least_rounds_are_those_that_an_interval_needs():
    rounds = Builder().random.normal(1, 0.1, (1, LEAST_ROUNDS))
    assert (intervals(rounds) == intervals(rounds)).all()
    assert not (intervals(rounds[:, 1:]) == intervals(rounds[:, 1:])).any()


def test_a_run_without_any_measurement_is_not_compared(gate):
    new = document(2)
    new["unmeasured"] = [{**e["extra_info"], "notes": ["no"]} for e in new["benchmarks"]]
    new["benchmarks"] = []
    status, said, _ = gate(document(1), new, "--allow-missing", form="html")
    assert status == 3
    assert "a comparison needs records on either side" in said


@pytest.mark.parametrize("place", [0, 1])
def test_what_cannot_be_read_of_either_run_closes_it(gate, place):
    both = [document(1), document(2)]
    both[place]["benchmarks"][3]["extra_info"]["rounds"] = "many"
    status, said, _ = gate(*both, "--allow-missing")
    assert status == 3
    assert "rounds: expected an integer" in said


def test_new_cases_pass(gate):
    old = document(1)
    old["benchmarks"] = old["benchmarks"][:-1]
    status, said, _ = gate(old, document(2))
    assert status == 0
    assert "Only in the newer run: 1 record, the first" in said


def test_without_the_gate_what_is_missing_changes_no_status(gate, tmp_path):
    new = document(2)
    new["benchmarks"].pop()
    assert gate(document(1), new)[0] == 3
    files = [str(tmp_path / "new.json"), "--baseline", str(tmp_path / "old.json")]
    assert main([*files, "--format", "md", "-o", str(tmp_path / "page")]) == 0
