import json
from dataclasses import fields

from bench.cases import Case
from bench.operators import BASELINE
from bench.session.record import Record


def test_a_record_begins_with_the_case_and_its_costs():
    case = Case(groups=1, direction="training")
    record = Record.begin("stride", "strides", BASELINE, case)
    assert (record.operator, record.implementation, record.executor) == (
        "convolution",
        "keras",
        "graph",
    )
    assert all(getattr(record, field.name) == getattr(case, field.name) for field in fields(Case))
    assert record.flops == 2 * record.macs == 2 * 3 * (8 * 32 * 32 * 49 * 64 * 64)
    assert record.parameters == 49 * 64 * 64


def test_a_record_is_plain_json():
    record = Record.begin("stride", "strides", BASELINE, Case(groups=1)).as_dict()
    assert json.loads(json.dumps(record)) == record
    assert record["baseline_seconds"] is None
    assert record["notes"] == []
