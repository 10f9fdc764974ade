"""What a run says on the terminal when it ends."""

import pytest

from reports.sweeps.closing import closing_summary
from reports.sweeps.lines import lines
from reports.sweeps.load import from_document


@pytest.fixture
def records(builder):
    return from_document(builder.document(), "x").records


def test_the_closing_summary_fits_and_says_what_it_shows(records):
    text = closing_summary(records)
    assert max(map(len, text.splitlines())) <= 96
    assert "below 1 is faster" in text
    for title in ("Resolution", "Stride", "Groups", "Kernel size"):
        assert title in text
    assert text.count("Noise floor: forward 0.") + text.count("Noise floor: forward 1.") == 4


def test_the_closing_summary_of_nothing(records):
    assert closing_summary(records.iloc[:0]) == "No record to summarise."


def test_the_closing_summary_names_the_floor_of_twins_and_empty_calls(builder):
    entries = [*builder.whole_sweep("stride", [1, 2]), *builder.empty_calls()]
    text = closing_summary(from_document(builder.document(entries), "x").records)
    assert "Noise floor by the baseline's twin: forward 0." in text
    assert "convolution, twin" not in text
    assert "Empty calls" not in text
    assert "shorter than 10 of them." in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 96


def test_the_closing_summary_ends_with_the_finding_and_its_lines(builder):
    run = from_document(builder.document(builder.whole_sweep("stride", [1, 2])), "x")
    text = " ".join(closing_summary(run.records).split())
    assert "Involution (fused) takes less than a" in text
    assert text.endswith(" ".join(lines(run.judged)))
