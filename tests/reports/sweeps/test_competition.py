"""Whole cases: who competes with whom, the noise by the twin, and the best rival by plain loops."""

import numpy as np
import pandas as pd
import pytest

from reports.drawing import palette
from reports.sweeps import findings, tables
from reports.sweeps.analysis import evaluate
from reports.sweeps.competition import competing
from reports.sweeps.intervals import intervals
from reports.sweeps.load import from_document
from tests.reports.synthetic import COMPETITORS, GROUPED

SMALL = ("convolution", "keras-3x3", "graph")


def judge(builder, entries):
    return palette.prepared(from_document(builder.document(entries), "x").judged)


def by_series(judged):
    return judged.set_index("series")


def test_a_measurement_has_a_baseline_of_its_own_at_each_place_of_the_axis(builder):
    entries = [
        entry
        for groups in (1, 4, 16)
        for entry in builder.whole_case(
            "groups", competitors=(*COMPETITORS, GROUPED), groups=groups
        )
    ]
    # Twice the memory at one place: cost ratios tell whose baseline was taken.
    for entry in entries[:2]:
        entry["extra_info"]["peak_memory_bytes"] *= 2
    judged = judge(builder, entries)
    fused = judged[judged["implementation"] == "fused"].set_index("axis_value")
    assert fused["memory_ratio"].tolist() == [0.5, 1.0, 1.0]
    grouped = judged[judged["implementation"] == "tensorflow"].set_index("axis_value")
    assert grouped["macs_ratio"].tolist() == [1, 1 / 4, 1 / 16]
    baselines = judged[judged["is_baseline"]]
    assert baselines["axis_value"].tolist() == [1, 4, 16]
    assert baselines["groups"].tolist() == [1, 1, 1]
    assert (baselines[["ratio", "ratio_low", "ratio_high"]] == 1).all(axis=None)


def test_a_rival_with_another_window_shares_the_baseline(builder):
    judged = by_series(
        judge(builder, builder.whole_case("stride", competitors=(*COMPETITORS, SMALL)))
    )
    assert judged.loc["convolution (3x3)", "kernel_size"] == 3
    assert judged.loc["convolution (3x3)", "macs_ratio"] == pytest.approx(9 / 49)


def test_the_twin_is_the_noise_floor_of_its_case(builder):
    entries = builder.whole_sweep("kernel_size", [3, 5, 7])
    disturbed = [entry for entry in entries if entry["extra_info"]["kernel_size"] == 5]
    for entry in disturbed:
        if entry["extra_info"]["is_twin"]:
            entry["stats"]["data"] = [1.5 * seconds for seconds in entry["stats"]["data"]]
    judged = judge(builder, entries)
    twins = judged[judged["is_twin"]].set_index(["direction", "axis_value"])
    others = judged[~judged["is_twin"]]
    at_five = others["axis_value"] == 5
    assert (others.loc[at_five, "floor_high"] > 1.4).all()
    assert (others.loc[~at_five, "floor_high"] < 1.1).all()
    for _, row in others.iterrows():
        own = twins.loc[(row["direction"], row["axis_value"])]
        assert row["floor_low"] <= min(own["ratio_low"], 1)
        assert row["floor_high"] >= max(own["ratio_high"], 1)


def test_whole_cases_without_a_twin_have_no_floor(builder):
    judged = judge(builder, [e for e in builder.whole_case("stride") if "twin" not in e["name"]])
    assert judged["floor_low"].isna().all()
    assert (judged.loc[judged["operator"] == "depthwise convolution", "verdict"] == "faster").all()


def test_twins_and_empty_calls_are_no_operators(builder):
    judged = judge(builder, [*builder.whole_sweep("stride"), *builder.empty_calls()])
    kept = competing(judged)
    assert set(kept["series"]) == {
        "convolution",
        "depthwise convolution",
        "involution (patches)",
        "involution (fused)",
    }
    assert [sweep for _, sweep, _ in tables.sweeps(judged)] == ["stride"]
    for sentence in findings.answer(judged):
        assert "twin" not in sentence.text
        assert "empty" not in sentence.text
    assert "convolution, twin" in set(judged["series"])


def rounds_of(entry):
    """The rounds of an entry by process and place in it."""
    info, found, places = entry["extra_info"], {}, {}
    processes = info["process"] or [1] * len(entry["stats"]["data"])
    for process, seconds in zip(processes, entry["stats"]["data"], strict=True):
        places[process] = places.get(process, 0) + 1
        found[process, places[process]] = seconds
    return found


def expected(own, rival):
    """Ratios of the rounds that both have, in their order."""
    first, second = rounds_of(own), rounds_of(rival)
    return [first[key] / second[key] for key in sorted(first.keys() & second.keys())]


def cut(entry, process, kept):
    """Give an entry processes, and drop the rounds after the first `kept` of each."""
    info = entry["extra_info"]
    chosen = [
        place
        for number in dict.fromkeys(process)
        for place in [p for p, each in enumerate(process) if each == number][: kept[number]]
    ]
    info["process"] = [process[place] for place in chosen]
    info["baseline_seconds"] = [info["baseline_seconds"][place] for place in chosen]
    entry["stats"]["data"] = [entry["stats"]["data"][place] for place in chosen]
    info["rounds"] = len(chosen)


@pytest.mark.parametrize("has_processes", [False, True])
def test_the_ratio_to_the_best_rival_is_over_the_rounds_that_both_have(builder, has_processes):
    builder.rounds, builder.noise = 40, 0.1
    entries = builder.whole_case("stride")
    depthwise, patches, fused = entries[2:]
    process = [1] * 22 + [2] * 18
    if has_processes:
        for entry in entries[:2]:
            cut(entry, process, {1: 22, 2: 18})
        cut(depthwise, process, {1: 12, 2: 18})
        cut(patches, process, {1: 22, 2: 12})
        cut(fused, process, {1: 22, 2: 12})
    else:
        cut(depthwise, [1] * 40, {1: 25})
        depthwise["extra_info"]["process"] = None
    judged = by_series(judge(builder, entries))
    for entry, name in ((fused, "involution (fused)"), (patches, "involution (patches)")):
        row, truth = judged.loc[name], expected(entry, depthwise)
        assert len(truth) == (24 if has_processes else 25)
        assert row["best_rival"] == "depthwise convolution"
        counts = (12, 12) if has_processes else (25,)
        parts = np.split(np.array(truth), np.cumsum(counts)[:-1])
        center = np.exp(np.mean([np.log(np.median(part)) for part in parts]))
        assert row["best_ratio"] == pytest.approx(center)
        numbers = [number for number, count in enumerate(counts) for _ in range(count)]
        ends = intervals(np.array([truth]), numbers)[0]
        assert row[["best_low", "best_high"]].tolist() == pytest.approx(ends.tolist())
        assert row["best_verdict"] == "slower"
    assert judged.loc["convolution", "best_rival"] is None
    assert judged.loc["convolution, twin", ["best_ratio", "best_low"]].isna().all()
    assert judged["processes"].tolist() == [2 if has_processes else 1] * 5


def test_operators_of_different_processes_have_no_ratio_to_each_other(builder):
    builder.rounds = 40
    entries = builder.whole_case("stride")
    depthwise, patches, _ = entries[2:]
    process = [1] * 20 + [2] * 20
    for entry in entries:
        cut(entry, process, {1: 20, 2: 20})
    cut(depthwise, depthwise["extra_info"]["process"], {1: 20, 2: 0})
    cut(patches, patches["extra_info"]["process"], {1: 0, 2: 20})
    judged = by_series(judge(builder, entries))
    row = judged.loc["involution (patches)"]
    assert row["best_rival"] == "depthwise convolution"
    assert np.isnan(row["best_ratio"])


def test_where_nothing_is_faster_the_baseline_is_the_best_rival(builder):
    competitors = (COMPETITORS[0], GROUPED, COMPETITORS[3])
    judged = by_series(
        judge(builder, builder.whole_case("stride", competitors=competitors, groups=1))
    )
    row = judged.loc["involution (fused)"]
    slower = judged.loc["grouped convolution", "ratio"] > 1
    assert row["best_rival"] == ("convolution" if slower else "grouped convolution")
    alone = judge(builder, builder.whole_case("stride", competitors=competitors[::2]))
    row = by_series(alone).loc["involution (fused)"]
    assert row["best_rival"] == "convolution"
    assert row[["best_ratio", "best_low"]].tolist() == row[["ratio", "ratio_low"]].tolist()
    assert tables.best_table(alone).empty


def test_rivals_of_older_files_are_compared_by_their_ratios_to_the_baseline(builder):
    builder.noise = 1e-4
    entries = [
        builder.record("groups", "convolution"),
        builder.record("groups", "depthwise convolution", ratio=0.5),
        builder.record("groups", "involution", "fused", ratio=0.25, groups=64),
        builder.record("groups", "involution", "fused", ratio=0.25, groups=4),
    ]
    judged = judge(builder, entries)
    # The file holds no other operator at four groups: the baseline serves all groups.
    assert judged["best_rival"].tolist() == [None, None, "depthwise convolution", "convolution"]
    assert judged["best_ratio"].tolist()[2:] == pytest.approx([0.5, 0.25], rel=1e-3)


def test_two_runs_are_never_rivals(builder):
    entries = builder.whole_case("stride")
    parts = [entries[:4], entries[4:]]  # involution (fused) is in a file of its own
    records = pd.concat(
        [from_document(builder.document(part), f"{len(part)}").records for part in parts],
        ignore_index=True,
    )
    judged = evaluate(records)
    assert judged["best_rival"].tolist() == [None, None, None, "depthwise convolution", None]
    assert judged["macs_ratio"].isna().tolist() == [False] * 4 + [True]


def test_the_table_of_best_rivals_has_the_ratio_of_each_place(builder):
    judged = judge(builder, builder.whole_sweep("kernel_size", [3, 7]))
    table = tables.best_table(judged)
    assert list(table.index) == [
        ("involution (fused) / best rival", "forward"),
        ("involution (fused) / best rival", "training"),
    ]
    row = judged[(judged["implementation"] == "fused") & (judged["axis_value"] == 7)].iloc[0]
    assert table.loc[("involution (fused) / best rival", "forward"), 7] == row["best_ratio"]
