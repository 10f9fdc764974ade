"""What a run says of itself: what intervals cover, why rounds ended, what an empty call takes."""

import pytest

from reports.sweeps import coverage, endings, overhead
from reports.sweeps.load import from_document


def judged(builder, entries):
    return from_document(builder.document(entries), "x").judged


@pytest.mark.parametrize(
    ("processes", "words"),
    [
        (None, "cover rounds of one process, and verdicts hold in this process. "),
        ([1, 2], "cover rounds of two processes, and verdicts hold in these two processes. "),
        ([1, 2, 3], "cover 3 processes and their rounds: verdicts speak for the code"),
    ],
)
def test_verdicts_speak_for_the_code_from_three_processes_on(builder, processes, words):
    builder.rounds = 12
    entries = builder.whole_case("stride")
    for entry in entries:
        entry["extra_info"]["process"] = processes and sorted(processes * (12 // len(processes)))
    found = judged(builder, entries)
    assert words in coverage.scope(found)
    # The record with the fewest processes decides.
    entries[2]["extra_info"]["process"] = None
    assert "in this process" in coverage.scope(judged(builder, entries))


def test_no_record_covers_nothing(builder):
    case = builder.record("stride", "involution")["extra_info"]
    empty = from_document(builder.document([], unmeasured=[case]), "x").judged
    assert coverage.scope(empty) == endings.in_words(empty) == overhead.in_words(empty) == ""


def test_what_was_not_reached_is_counted(builder):
    entries = builder.whole_sweep("stride", [1, 2])
    twin_too = [entry["extra_info"] for entry in entries if not entry["extra_info"]["is_baseline"]]
    rivals = [info for info in twin_too if not info["is_twin"]]
    for info in rivals[:3]:
        info["stopped"] = "time"
    rivals[3]["stopped"] = "precise"
    found = judged(builder, entries)
    row = found[found["stopped"] == "precise"].iloc[0]
    half = 100 * (row["ratio_high"] - row["ratio_low"]) / 2 / row["ratio"]
    assert endings.in_words(found) == (
        f"Of 12 ratios: 8 decided, 1 known to ± {half:.1f} % or better before a decision, "
        "3 out of time before either."
    )


def test_older_files_do_not_say_why_rounds_ended(builder):
    assert endings.in_words(judged(builder, builder.sweep("stride", [1]))) == ""


def test_records_that_are_hardly_longer_than_an_empty_call_are_marked(builder):
    builder.noise = 0.0
    entries = [*builder.whole_case("stride"), *builder.empty_calls(seconds=1e-5)]
    fused, depthwise = entries[4], entries[2]
    # An empty call takes 20 us as a graph, 30 us by XLA.
    depthwise["stats"]["data"] = [199e-6] * builder.rounds
    fused["stats"]["data"] = [301e-6] * builder.rounds
    found = judged(builder, entries)
    assert found.loc[found["is_short"], "operator"].tolist() == ["depthwise convolution"]
    assert overhead.in_words(found) == (
        "An empty call takes: forward, eager 10.0 µs, graph 20.0 µs, xla 30.0 µs. "
        "1 record is shorter than 10 of them."
    )


def test_without_empty_calls_nothing_is_short(builder):
    found = judged(builder, builder.whole_case("stride"))
    assert not found["is_short"].any()
    assert overhead.in_words(found) == ""
