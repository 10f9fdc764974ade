"""How far a pair is, and what is left of a comparison."""

import io
import json
from time import monotonic

import pytest

from bench.compare import progress
from bench.compare.progress import PairProgress
from bench.session.display import Display
from bench.session.journal import Journal
from bench.session.results import journal_path

PLAN = ["a", "b", "c", "d"]


@pytest.fixture
def sides(tmp_path):
    """The results files of both sides, whose journals have begun."""
    paths = [tmp_path / f"{name}-1.json" for name in ("before", "after")]
    for path in paths:
        Journal(journal_path(path)).begin({"plan": PLAN})
    return paths


def finish(path, *tests):
    """Finish records as a process does: one of them without rounds, the others with some."""
    with journal_path(path).open("a") as file:
        for test in tests:
            line = {"unmeasured": test, "record": {}} if test == "d" else {"measured": test}
            file.write(json.dumps({"at_work": [test]}) + "\n" + json.dumps(line) + "\n")


def test_records_of_both_sides_are_counted(sides):
    found = PairProgress(sides, later=0)
    found.look()
    assert found.counted == "0 of 8 records"
    finish(sides[0], "a", "d")
    finish(sides[1], "a")
    found.look()
    assert found.counted == "3 of 8 records"
    finish(sides[1], "b")
    found.look()
    assert found.counted == "4 of 8 records"


def test_a_line_that_is_not_whole_is_counted_once_it_is(sides):
    found = PairProgress(sides, later=0)
    with journal_path(sides[0]).open("a") as file:
        file.write('{"measured": "a"')
        file.flush()
        found.look()
        assert found.counted == "0 of 8 records"
        file.write("}\n")
    found.look()
    assert found.counted == "1 of 8 records"


def test_the_time_left_is_that_of_both_sides_and_of_the_pairs_that_follow(sides):
    found = PairProgress(sides, later=2)
    assert found.seconds_left(5.0) is None
    finish(sides[0], *PLAN)
    found.look()
    # One side is at its end, the other has not begun: half of the pair.
    assert found.seconds_left(30.0) == pytest.approx(30 + 2 * 60)


def test_earlier_pairs_tell_how_long_the_next_ones_take(sides):
    found = PairProgress(sides, later=1, earlier=[100.0, 140.0])
    assert found.seconds_left(20.0) == pytest.approx(100 + 120)


def test_what_was_done_before_a_resume_took_none_of_the_time_since(sides):
    finish(sides[0], "a", "b", "c")
    finish(sides[1], "a", "b")
    found = PairProgress(sides, later=1)
    assert found.seconds_left(5.0) is None
    finish(sides[0], "d")
    found.look()
    assert found.counted == "6 of 8 records"
    # 20 s for one record: two are left, and eight in the pair that follows.
    assert found.seconds_left(20.0) == pytest.approx(2 * 20 + 8 * 20)


def test_a_side_that_is_left_alone_takes_half_of_a_pair(sides):
    finish(sides[1], "a")
    found = PairProgress(sides[1:], later=1, earlier=[80.0])
    # Three of eight records of a pair are left.
    assert found.seconds_left(10.0) == pytest.approx(80 * 3 / 8 - 10 + 80)
    finish(sides[1], "b")
    found.look()
    assert found.seconds_left(12.0) == pytest.approx(2 * 12 + (80 + 8 * 12) / 2)


def test_a_side_alone_whose_plan_is_not_known_takes_half_of_a_pair(tmp_path):
    found = PairProgress([tmp_path / "after-1.json"], later=0, earlier=[80.0])
    assert found.seconds_left(10.0) == pytest.approx(30)


def test_no_more_time_is_left_than_was_given(sides):
    assert PairProgress(sides, later=9, earlier=[100.0], end=250.0).seconds_left(50.0) == 200
    assert PairProgress(sides, later=None, earlier=[100.0], end=250.0).seconds_left(50.0) == 200
    # The pair at work comes to its end in any case.
    assert PairProgress(sides, later=9, earlier=[100.0], end=10.0).seconds_left(50.0) == 50


@pytest.mark.parametrize("header", ["{}", "nonsense", '{"plan": 1}'])
def test_a_journal_of_another_form_tells_nothing(header, sides):
    journal_path(sides[0]).write_text(f"{header}\n")
    found = PairProgress(sides, later=0)
    finish(sides[1], "a")
    found.look()
    assert found.seconds_left(10.0) is None


def test_what_is_done_is_said_at_the_end_whatever_happens(sides, monkeypatch):
    monkeypatch.setattr(progress, "BETWEEN", 0.01)
    stream = io.StringIO()
    stream.isatty = lambda: True

    def measure():
        with progress.shown(PairProgress(sides, later=0), Display(stream), "pair 1 of 1"):
            finish(sides[0], "a")
            end = monotonic() + 10
            while "1 of 8" not in stream.getvalue() and monotonic() < end:
                pass
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure()
    assert "\r\x1b[K" in stream.getvalue()
    assert "\r\x1b[Kpair 1 of 1: 1 of 8 records in " in stream.getvalue()
    assert stream.getvalue().endswith("left\n")
