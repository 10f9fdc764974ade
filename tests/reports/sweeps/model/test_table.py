"""The tables of layers: what stands in each cell."""

import pytest

from reports.sweeps.load import from_document
from reports.sweeps.model import table
from reports.sweeps.model.layers import measured_model
from reports.text import units
from tests.reports.conftest import Builder
from tests.reports.sweeps.model import runs


def model_of(document):
    run = from_document(document, "x.json")
    return measured_model(run.model, run.judged)


def rows(found):
    return [dict(zip(found.head, row, strict=True)) for row in found.rows]


@pytest.fixture
def model():
    return model_of(runs.resnet(Builder(noise=0.0)))


def test_a_replaceable_layer_shows_what_would_change(model):
    faster, slower = rows(table.replaceable(model))
    assert faster["Layer"] == "block*_conv"
    assert faster["Size"] == "56x56x64, K3"
    assert faster["Calls"] == "3"
    assert faster["Share, forward"] == "30 %\n30.0 to 30.0"
    assert faster["Ratio, training"] == "▼ 0.20x\n0.200 to 0.200"
    assert faster["Ratio, kernel 7, forward"] == "▼ 0.40x\n0.400 to 0.400"
    assert slower["Ratio, forward"] == "▲ 2.00x\n2.00 to 2.00"
    assert faster["Peak memory"] == "1.00x\n1.00x"
    # 64 channels, reduced to 16, and 4 groups of 9 taps.
    assert faster["Parameters"] == f"36,928\nto {64 * 16 + 4 * 16 + 17 * 9 * 4:,}"


def test_the_others_are_summed_up_by_reason(model):
    stem, points = rows(table.others(model))
    assert stem["Layer"] == "conv1"
    assert stem["Why"] == "it changes the channels from 3 to 64"
    assert points["Layer"] == "2 layers"
    assert (points["Calls"], points["Parameters"]) == ("2", "8,320")
    assert points["Share, forward"] == units.UNKNOWN
    assert points["Why"] == "a 1 x 1 convolution has no window"


def test_columns_of_which_nothing_is_known_are_left_out():
    builder = Builder(noise=0.0)
    layer = runs.layer("8x8x64, K3", ["conv"], parameters=None)
    records = runs.of_layer(builder, "8x8x64, K3", (0.01, 0.02, None), directions=["training"])
    for record in records:
        record["extra_info"]["peak_memory_bytes"] = None
    found = model_of(builder.document(records, model=runs.description([layer])))
    assert table.replaceable(found).head == ["Layer", "Size", "Calls", "Ratio, training"]
    assert table.others(found).rows == []


def test_a_layer_without_a_record_keeps_its_row(model):
    document = runs.resnet(Builder(noise=0.0))
    document["benchmarks"] = [
        entry
        for entry in document["benchmarks"]
        if entry["extra_info"]["axis_value"] != "28x28x64, K3"
    ]
    _, missing = rows(table.replaceable(model_of(document)))
    assert (missing["Size"], missing["Ratio, forward"]) == ("28x28x64, K3", units.UNKNOWN)


def test_several_kinds_have_a_column():
    layers = [runs.layer("a", ["a"]), runs.layer("b", ["b"], kind="DepthwiseConv2D")]
    found = model_of(Builder().document([], model=runs.description(layers)))
    assert [row["Kind"] for row in rows(table.replaceable(found))] == ["Conv2D", "DepthwiseConv2D"]
