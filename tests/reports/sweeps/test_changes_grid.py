"""The cases of a comparison in columns, and runs that say that their processes alternated."""

import re

import pytest

from reports.sweeps import changes
from reports.sweeps.comparison import compare
from reports.sweeps.load import from_document
from tests.reports.conftest import Builder


def run(seed, factor=1.0, **top):
    """Three processes of a sweep; `factor` multiplies the time of one involution."""
    builder = Builder(rounds=30, noise=0.01, seed=seed)
    entries = builder.sweep("stride")
    for entry in entries:
        entry["extra_info"]["process"] = [1] * 10 + [2] * 10 + [3] * 10
        if "fused-forward-2" in entry["name"]:
            entry["stats"]["data"] = [factor * each for each in entry["stats"]["data"]]
    return from_document({**builder.document(entries), **top}, f"{seed}.json")


def test_a_line_for_each_case_says_verdict_change_interval_and_what_would_have_been_found():
    found = compare(run(1), run(2, factor=1.5), 0.05)
    head, first, *others = changes.grid(found).splitlines()
    assert head.split() == ["verdict", "change", "95", "%", "interval", "detectable"]
    assert len(others) == len(found.gated) - 1
    line = re.fullmatch(
        r"(\S+) +(\w+) +(1\.[45]\d)x +(1\.[45]\d) to (1\.[56]\d) +([\d.]+) %", first
    )
    assert "fused-forward-2" in line[1]
    assert line[2] == "slower"
    assert float(line[3]) == pytest.approx(1.5, abs=0.05)
    [case] = found.slower.to_dict("records")
    assert float(line[6]) == pytest.approx(100 * case["detectable"], rel=0.1)
    assert {row.split()[1] for row in others} <= {"undecided", "unchanged"}


def test_a_terminal_gets_the_first_of_many_cases_and_their_number(monkeypatch):
    monkeypatch.setattr(changes, "MOST_LINES", 3)
    found = compare(run(1), run(2), 0.05)
    lines = changes.grid(found).splitlines()
    assert len(lines) == 1 + 3 + 1
    assert lines[-1] == f"and {len(found.gated) - 3} more records"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [("a", "a", True), ("a", "b", False), ("", "", False), (None, "a", False)],
)
def test_two_sides_of_one_comparison_are_judged_by_pairs(before, after, expected):
    sides = (run(seed, comparison=name) for seed, name in ((1, before), (2, after)))
    found = compare(*sides, 0.05)
    assert (found.scatter == "pairs") is expected
    assert ("in pairs, 3 of them" in changes.basis(found)) is expected


def test_a_comparison_that_decides_nothing_says_so_at_its_end():
    words = "No record is decided: these runs are too few to see 0.0001 %."
    blind = changes.in_words(compare(run(1), run(2), 1e-6))
    assert words in blind.splitlines()[-1]
    assert words not in changes.in_words(compare(run(1), run(2, factor=1.5), 1e-6))
