import pandas as pd
import pytest

from reports.sweeps.load import from_document
from reports.sweeps.roofline import placed

RECORDS = pd.DataFrame(
    {
        "dtype": "float32",
        "flops": [1000.0, 10.0, 1000.0, float("nan")],
        "compulsory_bytes": [10.0, 10.0, 0.0, 10.0],
        "median_seconds": [2.0, 2.0, 2.0, 2.0],
        "cache": [None, None, None, None],
    }
)


def run(builder, **conditions):
    entries = [builder.record("stride", "convolution")]
    return from_document(builder.document(entries, conditions=conditions), "x")


def test_the_lower_roof_bounds(builder):
    # The ridge is at 4 FLOPs per byte.
    found = placed(RECORDS, {"peak_flops": 1000, "peak_bandwidth": 250})
    assert found["intensity"].tolist()[:2] == [100, 1]
    assert found["bound"].tolist() == ["compute", "memory", None, None]
    assert found["roofline_share"].tolist()[:2] == pytest.approx([0.5, 5 / 250])
    assert found["roofline_share"][2:].isna().all()


@pytest.mark.parametrize(
    ("cache_bytes", "cache", "is_cached"),
    [(100, "warm", True), (100, None, True), (100, "cold", False), (10, "warm", False)],
)
def test_memory_bounds_no_record_that_the_last_call_left_in_a_cache(cache_bytes, cache, is_cached):
    conditions = {"peak_flops": 1000, "peak_bandwidth": 250, "last_cache_bytes": cache_bytes}
    found = placed(RECORDS.assign(cache=cache), conditions)
    assert found["is_cached"].tolist()[:2] == [is_cached] * 2
    # The roof of arithmetic holds wherever the data are.
    assert found["bound"].tolist()[:2] == ["compute", "cache" if is_cached else "memory"]
    shares = found["roofline_share"].tolist()
    assert shares[0] == pytest.approx(0.5)
    assert (shares[1] != shares[1]) is is_cached


def test_a_peak_of_nothing_is_no_peak(builder):
    found = placed(RECORDS, {"peak_flops": 1000, "peak_bandwidth": 0})
    assert found["bound"].isna().all()


def test_without_peaks_nothing_is_claimed(builder):
    found = placed(RECORDS, {})
    assert found["bound"].isna().all()
    assert found["roofline_share"].isna().all()


def test_the_peak_of_one_data_type_is_no_roof_for_another(builder):
    halves = RECORDS.assign(dtype="bfloat16")
    found = placed(halves, {"peak_flops": 1000, "peak_bandwidth": 250})
    assert found["intensity"].notna().any()
    assert found["roofline_share"].isna().all()


@pytest.mark.parametrize("load", [0.5, 3])
def test_a_busy_machine_is_said(builder, load):
    warnings = run(builder, load=load).warnings
    assert any("busy" in warning for warning in warnings) == (load > 1)


def test_nonsense_among_the_conditions_is_ignored(builder):
    assert run(builder, load="high", peak_flops=float("nan"), x=True).conditions == {}
