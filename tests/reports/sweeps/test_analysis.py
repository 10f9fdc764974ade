"""Analysis: planted ratios are recovered, and nobody wins inside the noise."""

import numpy as np
import pandas as pd
import pytest

from reports.sweeps import tables
from reports.sweeps.analysis import evaluate
from reports.sweeps.load import from_document
from reports.sweeps.stages import JUDGED
from reports.sweeps.verdicts import verdicts


def judge(builder, benchmarks):
    return evaluate(from_document(builder.document(benchmarks), "bench.json").records)


def test_planted_ratios_are_recovered_and_inside_their_intervals(builder):
    planted = [0.1, 0.5, 2.0, 12.0]
    sizes = [3, 5, 7, 9]
    judged = judge(
        builder,
        [
            builder.record("kernel_size", "involution", "fused", ratio=ratio, kernel_size=size)
            for ratio, size in zip(planted, sizes, strict=True)
        ],
    )
    np.testing.assert_allclose(judged["ratio"], planted, rtol=0.02)
    assert (judged["ratio_low"] <= judged["ratio"]).all()
    assert (judged["ratio_high"] >= judged["ratio"]).all()
    held = (judged["ratio_low"] <= planted) & (judged["ratio_high"] >= planted)
    assert held.sum() >= 3
    assert judged["verdict"].tolist() == ["faster", "faster", "slower", "slower"]


def test_a_tenth_slower_is_found_and_never_called_faster(builder):
    records = []
    for size in range(3, 33):
        records.append(builder.record("kernel_size", "convolution", kernel_size=size))
        records.append(builder.record("kernel_size", "involution", ratio=1.1, kernel_size=size))
    judged = judge(builder, records)
    involution = judged[judged["operator"] == "involution"]
    assert (involution["verdict"] == "slower").all()
    assert not judged[judged["is_baseline"]]["verdict"].isin(["faster", "slower"]).any()


@pytest.mark.parametrize("rounds", [1, 5])
def test_too_few_rounds_give_no_interval_and_no_verdict(builder, rounds):
    builder.rounds = rounds
    judged = judge(builder, [builder.record("kernel_size", "involution", ratio=0.1)])
    assert judged[["ratio_low", "ratio_high", "seconds_low"]].isna().all(axis=None)
    assert judged["ratio"].notna().all()
    assert judged["verdict"].tolist() == ["undecided"]


def test_each_record_is_judged_by_the_processes_of_its_own_rounds(builder):
    """Three processes whose ratios are 1, 2 and 4: wide where they count, narrow where not."""
    builder.rounds = 30
    turns = [1, 2, 3] * 10
    entries = [builder.record("kernel_size", "involution", kernel_size=size) for size in (3, 5, 7)]
    for entry in entries:
        entry["stats"]["data"] = [2.0 ** (turn - 1) for turn in turns]
        entry["extra_info"]["baseline_seconds"] = [1.0] * 30
    entries[1]["extra_info"]["process"] = turns
    entries[2]["extra_info"]["process"] = [1] * 30
    judged = judge(builder, entries)
    expected = 2 * np.exp(4.302653 * np.log(2) / np.sqrt(3) * np.array([-1, 1]))
    found = judged[["ratio_low", "ratio_high"]].to_numpy()
    np.testing.assert_allclose(found[1], expected, rtol=1e-6)
    np.testing.assert_allclose(judged["ratio"], [2, 2, 2])
    assert (found[0] == found[2]).all()
    assert found[0, 0] > expected[0]


def test_equal_files_give_equal_numbers(builder):
    document = builder.document(builder.sweep("stride"))
    first, second = (evaluate(from_document(document, "a").records) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


def floor(low, high, floor_low=np.nan, floor_high=np.nan):
    return pd.DataFrame(
        {"ratio_low": [low], "ratio_high": [high], "floor_low": floor_low, "floor_high": floor_high}
    )


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (floor(0.90, 0.96), "faster"),
        (floor(1.04, 1.10), "slower"),
        (floor(0.98, 1.02), "equivalent"),
        (floor(0.95, 0.99), "undecided"),
        (floor(0.96, 1.04), "undecided"),
        (floor(np.nan, np.nan), "undecided"),
        (floor(0.90, 0.96, 0.85, 1.1), "undecided"),
        (floor(1.04, 1.09, 0.85, 1.1), "undecided"),
        (floor(0.80, 0.84, 0.85, 1.1), "faster"),
    ],
)
def test_verdicts_need_the_whole_interval_beyond_margin_and_noise(row, verdict):
    ends = (row[name] for name in ("ratio_low", "ratio_high", "floor_low", "floor_high"))
    assert verdicts(*ends).tolist() == [verdict]


def test_the_noise_floor_is_of_the_baseline_alone(builder):
    judged = judge(
        builder,
        [
            builder.record("groups", "convolution", groups=1),
            builder.record("groups", "convolution", groups=4, ratio=0.3),
            builder.record("groups", "involution", "fused", ratio=0.1),
        ],
    )
    assert judged["is_baseline"].tolist() == [True, False, False]
    assert (judged["floor_low"] == judged["floor_low"].iloc[0]).all()
    assert 0.9 < judged["floor_low"].iloc[0] <= 1 <= judged["floor_high"].iloc[0] < 1.1


def test_a_second_dense_convolution_is_a_rival_with_a_ratio_of_its_own(builder):
    entries = [
        entry
        for size in (3, 7)
        for entry in (
            builder.record("kernel_size", "convolution", kernel_size=size),
            builder.record("kernel_size", "convolution", "winograd", ratio=0.5, kernel_size=size),
            builder.record("kernel_size", "involution", "fused", ratio=0.1, kernel_size=size),
        )
    ]
    # Cheaper by half, so that ratios of costs show which of the two is the baseline.
    for entry in entries[1::3]:
        for cost in ("macs", "flops", "parameters", "peak_memory_bytes"):
            entry["extra_info"][cost] //= 2
    judged = judge(builder, entries)
    rivals = judged[judged["implementation"] == "winograd"]
    assert not rivals["is_baseline"].any()
    np.testing.assert_allclose(rivals["ratio"], 0.5, rtol=0.02)
    assert (rivals["verdict"] == "faster").all()
    np.testing.assert_allclose(rivals[["macs_ratio", "memory_ratio"]], 0.5, rtol=1e-4)
    assert (judged.loc[judged["is_baseline"], "macs_ratio"] == 1).all()
    # The noise floor is that of the baseline; the rival's interval would pull it down to 0.5.
    assert (judged["floor_low"] > 0.95).all()
    assert tables.baseline_name(judged) == "dense convolution"
    names = dict.fromkeys(name for name, _ in tables.ratio_table(judged).index)
    assert list(names) == ["convolution", "convolution (winograd)", "involution (fused)"]


def test_the_baseline_is_the_marked_record_whatever_its_name(builder):
    entries = [
        builder.record("stride", "convolution"),
        builder.record("stride", "attention", ratio=1.0),
    ]
    entries[0]["extra_info"]["is_baseline"] = False
    entries[1]["extra_info"].update(is_baseline=True, macs=10, flops=20)
    judged = judge(builder, entries)
    assert judged["is_baseline"].tolist() == [False, True]
    assert judged["flops_ratio"].tolist()[1] == 1
    assert judged["flops_ratio"].tolist()[0] > 1000
    assert tables.baseline_name(judged) == "attention"


def test_without_a_marked_record_the_baseline_has_no_name(builder):
    entries = [builder.record("stride", "convolution")]
    entries[0]["extra_info"]["is_baseline"] = False
    judged = judge(builder, entries)
    assert tables.baseline_name(judged) == "the baseline"
    assert judged["macs_ratio"].isna().all()
    assert judged["ratio"].notna().all()


def test_the_table_is_that_of_its_stage_also_without_records(builder):
    case = builder.record("stride", "involution")["extra_info"]
    run = from_document(builder.document([], unmeasured=[case]), "x")
    assert set(JUDGED.columns) <= set(run.judged.columns)
    assert run.judged.empty
    with pytest.raises(TypeError, match="not a table of loaded records: macs: expected float64"):
        evaluate(from_document(builder.document(), "x").records.astype({"macs": "int64"}))


def test_one_disturbed_baseline_widens_the_floor_of_its_own_case_alone(builder):
    entries = builder.sweep("kernel_size")
    for entry in entries:
        if entry["extra_info"]["operator"] == "convolution" and "-7" in entry["name"]:
            entry["stats"]["data"] = [2 * seconds for seconds in entry["stats"]["data"]]
    judged = judge(builder, entries)
    disturbed = judged["kernel_size"] == 7
    assert (judged.loc[disturbed, "floor_high"] > 1.9).all()
    assert (judged.loc[~disturbed, "floor_high"] < 1.1).all()


def test_a_case_without_a_baseline_has_the_floor_of_its_sweep(builder):
    entries = [
        entry
        for entry in builder.sweep("kernel_size")
        if entry["extra_info"]["operator"] != "convolution" or "-7" not in entry["name"]
    ]
    judged = judge(builder, entries)
    lacking = judged[judged["kernel_size"] == 7]
    assert lacking["floor_low"].notna().all()


@pytest.mark.parametrize("noise", [0.01, 0.03, 0.1])
@pytest.mark.parametrize("rounds", [8, 50])
def test_equal_operators_are_hardly_ever_called_different(builder, noise, rounds):
    builder.rounds, builder.noise = rounds, noise
    entries = [
        entry
        for size in range(3, 123, 2)
        for entry in (
            builder.record("kernel_size", "convolution", ratio=1.0, kernel_size=size),
            builder.record("kernel_size", "involution", "fused", ratio=1.0, kernel_size=size),
        )
    ]
    verdicts = judge(builder, entries)["verdict"]
    assert len(verdicts) == 120
    assert verdicts.isin(["faster", "slower"]).sum() <= 2


def test_cost_ratios_are_to_dense_convolution_of_the_same_case(builder):
    judged = judge(builder, builder.sweep("kernel_size") + builder.sweep("groups"))
    assert (judged.loc[judged["is_baseline"], "macs_ratio"] == 1).all()
    grouped = judged[(judged["operator"] == "convolution") & (judged["groups"] == 16)]
    assert grouped["macs_ratio"].tolist() == [1 / 16] * 2
    for size in (3, 7):
        at = judged[(judged["sweep"] == "kernel_size") & (judged["kernel_size"] == size)]
        depthwise = at[at["operator"] == "depthwise convolution"]
        assert depthwise["macs_ratio"].tolist() == [1 / 64] * 2
    assert judged["memory_ratio"].notna().all()


def test_two_files_are_never_joined(builder):
    first = from_document(
        builder.document([builder.record("stride", "convolution")]), "first.json"
    ).records
    second = from_document(
        builder.document([builder.record("stride", "involution")]), "second.json"
    ).records
    judged = evaluate(pd.concat([first, second], ignore_index=True))
    assert judged["macs_ratio"].isna().tolist() == [False, True]
    assert judged["floor_low"].isna().tolist() == [False, True]


def test_no_record_is_no_error(builder):
    empty = from_document(
        builder.document([], unmeasured=[builder.record("stride", "involution")["extra_info"]]), "x"
    )
    assert evaluate(empty.records).empty


def test_rates_are_those_of_medians_and_of_slow_rounds(builder):
    record = builder.record("stride", "convolution", batch=8)
    record["stats"]["data"] = [0.001 * (n + 1) for n in range(50)]
    judged = evaluate(from_document(builder.document([record]), "x").records).iloc[0]
    # Rank 0.95 * 49 = 46.55, counted from 0, of 1 ms, 2 ms, ... 50 ms.
    assert judged["p95_seconds"] == pytest.approx(0.04755, rel=1e-3)
    assert judged["p95_images_per_second"] == pytest.approx(8 / 0.04755, rel=1e-3)
    assert judged["images_per_second"] == pytest.approx(8 / judged["median_seconds"], rel=1e-3)
