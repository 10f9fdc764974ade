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
