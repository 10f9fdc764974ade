"""Planted power laws and crossings are found, with intervals that hold them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.sweeps.analysis import evaluate
from reports.sweeps.load import from_document
from reports.sweeps.scaling import Crossing, crossing, exponent, laws
from reports.text import words


@given(power=st.floats(-3, 3), factor=st.floats(1e-6, 1e6))
def test_an_exact_power_law_is_found_exactly(power, factor):
    x = np.array([1.0, 2, 3, 5, 8])
    found = exponent(x, factor * x**power)
    assert found.value == pytest.approx(power, abs=1e-9)
    assert found.low <= found.value <= found.high
    assert found.high - found.low < 1e-6


def test_intervals_hold_the_exponent_as_often_as_they_say():
    random = np.random.default_rng(1)
    x = np.array([8.0, 16, 32, 64, 128])
    fits = [exponent(x, x**2 * np.exp(random.normal(0, 0.1, 5))) for _ in range(1000)]
    assert 0.93 < np.mean([fit.low <= 2 <= fit.high for fit in fits]) < 0.97


@pytest.mark.parametrize("costs", [[1, 2, np.nan], [1, 2, 0], [np.nan] * 3])
def test_two_points_prove_no_law(costs):
    assert exponent([1, 2, 4], costs) is None


def line(*ratios, width=0.0):
    ratios = np.array(ratios, dtype=np.float64)
    return pd.DataFrame(
        {
            "axis_value": 2.0 ** np.arange(len(ratios)),
            "ratio": ratios,
            "ratio_low": ratios * (1 - width),
            "ratio_high": ratios * (1 + width),
        }
    )


def test_a_crossing_is_between_two_measured_values():
    found = crossing(line(4, 2, 0.5, 0.25))
    assert found == Crossing(between=(2, 4), certain=(2, 4), becomes="faster")


def test_wide_intervals_reach_to_values_that_are_certain():
    found = crossing(line(4, 1.2, 0.9, 0.25, width=0.3))
    assert found == Crossing(between=(2, 4), certain=(1, 8), becomes="faster")


@pytest.mark.parametrize("ratios", [(1.1, 1.05, 0.95, 0.1), (8, 1.05, 0.95, 0.9)])
def test_a_side_without_a_certain_value_leaves_it_open(ratios):
    found = crossing(line(*ratios, width=0.5))
    assert found == Crossing(between=(2, 4), certain=None, becomes="faster")


def test_too_few_rounds_for_intervals_leave_it_open():
    unknown = line(4, 2, 0.5).assign(ratio_low=np.nan, ratio_high=np.nan)
    assert crossing(unknown) == Crossing(between=(2, 4), certain=None, becomes="faster")


def test_no_crossing_and_the_last_of_several():
    assert crossing(line(4, 3, 2)) is None
    assert crossing(line(2, 0.5, 2, 4)) == Crossing((2, 4), (2, 4), "slower")


def test_the_order_of_records_does_not_matter():
    records = line(2, 0.5, 2, 4, width=0.1)
    assert crossing(records.iloc[::-1]) == crossing(records)


@pytest.mark.parametrize(
    ("certain", "expected"),
    [
        ((32.0, 64.0), "by its intervals too"),
        ((16.0, 64.0), "by its intervals between 16 and 64"),
        (None, "its intervals leave that open"),
    ],
)
def test_a_crossing_says_what_its_intervals_add(certain, expected):
    found = Crossing((32.0, 64.0), certain, "slower")
    assert (found.place, found.certainty) == ("32 and 64", expected)


def test_laws_of_a_sweep(builder):
    records = from_document(
        builder.document(builder.sweep("resolution", [2, 4, 8, 16])), "x"
    ).records
    judged = evaluate(records)
    found = laws(judged.assign(series=words.series_of(judged)))
    assert len(found) == 8
    assert [round(law.value, 6) for law in found["macs"]] == [2.0] * 8
    dense = found[found["series"] == "convolution"].iloc[0]
    assert 1.5 < dense["median_seconds"].value < 2
    assert dense["crossing"] is None
    patches = found[found["series"] == "involution (patches)"].iloc[0]
    assert patches["crossing"] is None
    fused = found[found["series"] == "involution (fused)"].iloc[0]
    assert fused["crossing"] == Crossing((4, 8), (4, 8), "faster")


def test_an_axis_of_names_has_no_laws(builder):
    entries = [
        builder.record("dtype", "convolution", dtype=dtype)
        for dtype in ("float16", "float32", "float64")
    ]
    judged = evaluate(from_document(builder.document(entries), "x").records)
    assert laws(judged.assign(series="convolution")).empty
