"""Tables: the right ratio in the right cell, and a summary that fits a terminal."""

import pytest

from reports.sweeps.analysis import evaluate
from reports.sweeps.load import from_document
from reports.sweeps.tables import ratio_table
from reports.text import words


@pytest.fixture
def records(builder):
    return from_document(builder.document(), "bench.json").records


def test_a_cell_is_the_median_ratio_of_its_record(records):
    judged = evaluate(records)
    sweep = judged[judged["sweep"] == "kernel_size"]
    table = ratio_table(sweep)
    row = sweep[
        (sweep["implementation"] == "patches")
        & (sweep["direction"] == "training")
        & (sweep["kernel_size"] == 9)
    ].iloc[0]
    assert table.loc[("involution (patches)", "training"), 9] == row["ratio"]
    assert list(table.columns) == [3, 5, 7, 9, 11, 13, 15]
    assert table.index[0] == ("convolution", "forward")


def test_a_point_without_a_record_is_missing(records):
    judged = evaluate(records)
    table = ratio_table(judged[judged["sweep"] == "groups"])
    assert table.loc[("depthwise convolution", "forward")].isna().tolist() == [True] * 3 + [False]


def test_an_executor_for_each_direction_tells_no_lines_apart(builder):
    records = [
        builder.record("stride", "involution", "fused", direction=direction, executor=executor)
        for direction, executor in (("forward", "xla"), ("training", "graph"))
    ]
    judged = evaluate(from_document(builder.document(records), "x").records)
    assert set(words.series_of(judged)) == {"involution (fused)"}


def test_labels_are_in_the_order_of_their_numbers(builder):
    labels = ["8x8, K11", "8x8, K3", "16x16, K3"]
    records = [builder.record("label", "convolution", label=label) for label in labels]
    for size, record in enumerate(records, start=8):
        record["extra_info"]["height"] = record["extra_info"]["width"] = size
    judged = evaluate(from_document(builder.document(records), "x").records)
    assert list(ratio_table(judged).columns) == ["8x8, K3", "8x8, K11", "16x16, K3"]


def test_executors_are_named_only_where_there_are_several(builder):
    both = [
        builder.record("stride", "involution", "fused", executor=name) for name in ("xla", "graph")
    ]
    judged = evaluate(
        from_document(
            builder.document([*both, builder.record("stride", "convolution")]), "x"
        ).records
    )
    names = {name for name, _ in ratio_table(judged).index}
    assert names == {"involution (fused), xla", "involution (fused), graph", "convolution"}
