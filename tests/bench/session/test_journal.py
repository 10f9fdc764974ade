"""A journal that is cut short at any byte holds every case that was finished before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.cases import Case
from bench.session.journal import Journal, JournalError

HEADER = {
    "suite": {"sweep_size": "quick", "max_time": 0.1},
    "code": {"native kernels": "ba7"},
    "plan": ["a", "b"],
}


@pytest.fixture
def journal(tmp_path):
    journal = Journal(tmp_path / "bench.json.journal")
    journal.begin(HEADER)
    return journal


def test_what_is_kept_is_read(journal):
    journal.at_work(["a"])
    journal.at_work(["b", "c"])
    journal.measured("a", {"stats": {"data": [0.1, 1e-7]}})
    journal.unmeasured("b", {"notes": ["no memory"]})
    journal.resume(HEADER)
    entries = journal.entries
    assert entries.benchmarks == {"a": {"stats": {"data": [0.1, 1e-7]}}}
    assert entries.unmeasured == {"b": {"notes": ["no memory"]}}
    assert entries.finished == {"a", "b"}
    assert entries.attempts == {"c": 1}
    assert not entries.is_saved
    assert journal.is_interrupted
    journal.saved(is_complete=False)
    journal.resume(HEADER)
    assert journal.entries.is_saved
    assert journal.is_interrupted
    journal.saved(is_complete=True)
    assert not journal.is_interrupted


def test_a_journal_without_a_case_is_no_loss(journal):
    journal.at_work(["a"])
    assert not journal.is_interrupted
    journal.path.unlink()
    assert not journal.is_interrupted


@given(share=st.floats(0, 1))
def test_cut_short_anywhere_it_is_resumed(tmp_path_factory, share):
    journal = Journal(tmp_path_factory.mktemp("cut") / "journal")
    journal.begin(HEADER)
    for test in "abc":
        journal.measured(test, {"name": test})
    content = journal.path.read_bytes()
    size = int(share * len(content))
    journal.path.write_bytes(content[:size])
    journal.resume(HEADER)
    finished = journal.entries.finished
    assert len(finished) == max(0, content[:size].count(b"\n") - 1)
    journal.measured("d", {})
    assert journal.entries.finished == finished | {"d"}
    journal.resume(HEADER)
    assert journal.entries.finished == finished | {"d"}


@pytest.mark.parametrize(
    ("header", "what"),
    [
        (
            {**HEADER, "suite": {"sweep_size": "full", "max_time": 0.1}},
            "differs in suite, sweep_size. Expected 'full'. Received: 'quick'",
        ),
        (
            {**HEADER, "plan": ["a"]},
            "differs in plan. Expected 1 benchmark. Received: 2 benchmarks",
        ),
        ({**HEADER, "commit": "f00"}, "differs in commit. Expected 'f00'. Received: None"),
        (
            {**HEADER, "code": {"native kernels": "f00"}},
            "differs in code, native kernels. Expected 'f00'. Received: 'ba7'",
        ),
    ],
)
def test_a_journal_of_another_run_is_refused_and_left_alone(journal, header, what):
    journal.measured("a", {})
    before = journal.path.read_bytes() + b"cut"
    journal.path.write_bytes(before)
    for reads in (journal.resume, journal.look):
        with pytest.raises(JournalError, match=what):
            reads(header)
    assert journal.path.read_bytes() == before


def test_entries_are_the_same_now_as_when_they_are_read(journal):
    """Whatever is no JSON becomes a string at once, not only in a run that resumes."""
    journal.measured("a", {"params": {"case": Case(), "sizes": (1, 2)}, "stats": {"data": [0.1]}})
    now = journal.entries.benchmarks
    assert now["a"]["params"] == {"case": repr(Case()), "sizes": [1, 2]}
    journal.resume(HEADER)
    assert journal.entries.benchmarks == now


def test_a_journal_of_another_version_is_refused_and_left_alone(journal):
    before = journal.path.read_bytes().replace(b'"journal": 3', b'"journal": 2')
    journal.path.write_bytes(before)
    with pytest.raises(JournalError, match=r"another version .* Expected format 3 .* Received: 2"):
        journal.resume(HEADER)
    assert journal.path.read_bytes() == before


def test_a_damaged_journal_is_refused(journal):
    with journal.path.open("a") as file:
        file.write("{nonsense\n")
    with pytest.raises(JournalError, match="damaged"):
        journal.resume(HEADER)


def test_the_latest_conditions_are_kept(journal):
    journal.conditions({"load": 0.1})
    journal.conditions({"load": 0.2})
    journal.resume(HEADER)
    assert journal.entries.conditions == {"load": 0.2}


def test_a_look_reads_the_journal_of_any_run_and_changes_nothing(journal):
    journal.measured("a", {"name": "a"})
    before = journal.path.read_bytes() + b'{"measured": "b", "bench'
    journal.path.write_bytes(before)
    assert Journal(journal.path).look().benchmarks == {"a": {"name": "a"}}
    assert journal.path.read_bytes() == before
    assert Journal(journal.path.with_name("none")).look().finished == set()
