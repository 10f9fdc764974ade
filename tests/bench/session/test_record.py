import json

import pytest
from pydantic import ValidationError

from bench.bench_stride import SWEEP
from bench.cases import Case
from bench.measure.measurement import Measurement
from bench.operators import BASELINE, OPERATORS
from bench.session.plan import PlannedCase
from bench.session.record import known, measured, unmeasured
from bench.sweeps import competitors
from reports.sources.validation import checked
from reports.sweeps.record import MeasuredRecord, Record

CASE = Case(groups=1, direction="training")
MEASUREMENT = Measurement(
    seconds=(0.2, 0.3),
    baseline_seconds=(0.1, 0.2),
    device_seconds=None,
    calls=3,
    stopped="decided",
    order_seed=7,
    cache="warm",
    warmup_rounds=3,
    compile_seconds=1.5,
    counted_flops=None,
    peak_memory_bytes=1024,
    peak_memory_source="requests to the allocator, CPU:0",
    notes=("TensorFlow's counter sees only 0 FLOPs of this operator",),
    call=None,
)


def planned(operator=BASELINE, case=CASE):
    return PlannedCase(SWEEP, operator, case, competitors(OPERATORS, case)[0])


def test_the_case_and_the_costs_are_known_before():
    record = known(planned())
    assert (record["operator"], record["implementation"], record["executor"]) == (
        "convolution",
        "keras",
        "graph",
    )
    assert record["backend"] == "tensorflow"
    assert CASE.keys.items() <= record.items()
    assert record["flops"] == 2 * record["macs"] == 2 * 3 * (8 * 32 * 32 * 49 * 64 * 64)
    assert record["parameters"] == 49 * 64 * 64
    assert record["published_operations"] is None


@pytest.mark.parametrize("case", [Case(), Case(groups=1), Case(groups=64, direction="training")])
def test_the_first_operator_is_the_baseline_whatever_the_groups(case):
    plans = [planned(each.operator, case) for each in competitors(OPERATORS, case)]
    records = [known(each) for each in plans]
    assert [record["is_baseline"] for record in records] == [True] + [False] * (len(plans) - 1)
    assert [record["is_twin"] for record in records] == [False, True] + [False] * (len(plans) - 2)
    assert {record["axis_value"] for record in records} == {1}
    assert len({record["measurement"] for record in records}) == 1


def test_a_measured_record_has_all_keys_of_the_schema_and_is_plain_json():
    record = measured(known(planned()), MEASUREMENT)
    assert list(record) == list(Record.model_fields)
    assert json.loads(json.dumps(record)) == record
    assert record["rounds"] == 2
    assert record["baseline_seconds"] == [0.1, 0.2]
    assert checked(MeasuredRecord, {**record, "seconds": [0.2, 0.3]}).compile_seconds == 1.5


def test_rounds_without_a_partner_are_refused():
    alone = Measurement(**{**vars(MEASUREMENT), "baseline_seconds": (0.1,)})
    with pytest.raises(ValidationError, match="one for each round"):
        measured(known(planned()), alone)


def test_an_unmeasured_record_has_the_reason_and_nulls():
    record = unmeasured(known(planned()), ["not measured: MemoryError: no room"])
    assert list(record) == list(Record.model_fields)
    assert json.loads(json.dumps(record)) == record
    assert record["rounds"] is record["baseline_seconds"] is record["peak_memory_bytes"] is None
    assert record["notes"] == ["not measured: MemoryError: no room"]
