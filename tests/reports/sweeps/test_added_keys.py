"""Keys that older files of the same format lack: they may be missing, null or there."""

import math

import pytest

from reports.sweeps.load import from_document
from reports.sweeps.record import MeasuredRecord

ADDED = sorted(
    name for name, field in MeasuredRecord.model_fields.items() if not field.is_required()
)


@pytest.fixture
def document(builder):
    return builder.document(
        [builder.record("kernel_size", "convolution"), builder.record("kernel_size", "involution")]
    )


@pytest.mark.parametrize("value", ["missing", "null", "given"])
def test_a_key_that_was_added_may_be_missing_or_null_or_there(document, value):
    given = {
        "axis_value": 3,
        "measurement": "m",
        "is_twin": True,
        "process": [1] * 25 + [2] * 25,
        "calls": 3,
        "order_seed": 5,
        "cache": "warm",
        "stopped": "time",
        "device_seconds": [0.5] * 50,
        "dilation_rate": "1x2",
        "padding": "valid",
        "filters": 8,
        "is_model": True,
    }
    assert sorted(given) == ADDED
    info = document["benchmarks"][1]["extra_info"]
    for name, content in given.items():
        del info[name]
        if value != "missing":
            info[name] = content if value == "given" else None
    run = from_document(document, "x")
    assert run.problems == ()
    assert str(run.records["is_twin"].dtype) == "bool"
    row = run.records.iloc[1]
    if value == "given":
        assert row["device_seconds"].tolist() == given.pop("device_seconds")
        assert {name: row[name] for name in given} == given
    else:
        assert row["axis_value"] == 7
        assert not row["is_twin"]
        assert not row["is_model"]
        geometry = [row[name] for name in ("dilation_rate", "padding", "filters")]
        assert geometry == [1, "same", row["channels"]]
        assert math.isnan(row["order_seed"])
        assert [row[name] for name in ("measurement", "process", "device_seconds")] == [None] * 3
    assert len(run.judged) == 2


def test_a_twin_is_another_point_than_its_baseline(document):
    twin = document["benchmarks"][0]
    twin = {**twin, "extra_info": {**twin["extra_info"], "is_baseline": False, "is_twin": True}}
    run = from_document({**document, "benchmarks": [*document["benchmarks"], twin]}, "x")
    assert run.problems == ()
    assert run.records["is_twin"].tolist() == [False, False, True]
