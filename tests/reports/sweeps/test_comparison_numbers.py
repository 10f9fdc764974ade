"""The numbers of a comparison, against values worked out by hand and published tables."""

from math import exp, hypot, inf, log, nan
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from reports.sweeps.comparison import (
    HALF_WIDTH,
    Comparison,
    _changes,
    _simultaneous,
    _widening,
    changed,
    compare,
    differences,
)
from reports.sweeps.load import from_document

# Of a normal distribution: its standard deviation over its median deviation.
NORMAL = 1.4826


def frame(before, after, quantity="ratio"):
    """Cases from (middle, low, high) before and after."""
    center = {"ratio": "ratio", "seconds": "median_seconds"}[quantity]
    names = (center, f"{quantity}_low", f"{quantity}_high")
    columns = {
        f"{name}_{when}": [values[place] for values in side]
        for when, side in (("before", before), ("after", after))
        for place, name in enumerate(names)
    }
    return pd.DataFrame({"fullname": [f"case {n}" for n in range(len(before))], **columns})


@pytest.mark.parametrize(
    ("cases", "quantile"),
    # Student's t with five degrees of freedom, upper tail of 0.025, 0.0125, 0.005 and 0.0025.
    [(0, 2.5706), (1, 2.5706), (2, 3.1634), (5, 4.0321), (10, 4.7733)],
)
def test_intervals_that_hold_all_at_once_are_wider_by_the_tables(cases, quantile):
    assert _simultaneous(cases) == pytest.approx(quantile / 1.95996, rel=1e-4)


@pytest.mark.parametrize(
    ("change", "below", "above", "expected"),
    [
        ([-2, -1, 0, 1, 2], 1, 1, NORMAL),
        ([-0.2, -0.1, 0, 0.1, 0.2], 1, 1, 1.0),  # never narrower than the rounds say
        ([10, 20, 30, 40, 50], 2, 1, 5 * NORMAL),  # a change common to all is no scatter
        ([-10, -20, -30, -40, -50], 1, 4, 2.5 * NORMAL),  # the side that faces no change counts
        ([-20, -10, 10, 20], 1, 1, 1.0),  # too few cases
    ],
)
def test_the_widening_is_the_scatter_in_errors(change, below, above, expected):
    ends = [np.full(len(change), HALF_WIDTH * size) for size in (below, above)]
    assert _widening(np.array(change, dtype=float), *ends) == pytest.approx(expected, rel=1e-3)


def test_cases_without_an_interval_or_without_a_width_are_no_scatter():
    change = np.array([-2.0, -1.0, 0.0, 1.0, 2.0, 500.0, 900.0, 700.0])
    width = HALF_WIDTH * np.array([1.0] * 5 + [nan, 0.0, inf])
    assert _widening(change, width, width) == pytest.approx(NORMAL, rel=1e-3)
    known = np.r_[change[:4], change[5:]], np.r_[width[:4], width[5:]]
    assert _widening(known[0], known[1], known[1]) == 1.0


@pytest.mark.parametrize("quantity", ["ratio", "seconds"])
def test_the_interval_of_a_change_recovers_both_variances(quantity):
    both = frame([(1.0, 0.9, 1.2)], [(2.0, 1.9, 2.2)], quantity)
    [row] = _changes(both, quantity, 0.05).to_dict("records")
    below = hypot(log(2.0 / 1.9), log(1.2 / 1.0)) * 2.5706 / 1.95996
    above = hypot(log(2.2 / 2.0), log(1.0 / 0.9)) * 2.5706 / 1.95996
    assert row == {
        "fullname": "case 0",
        "quantity": quantity,
        "before": pytest.approx(1.0),
        "after": pytest.approx(2.0),
        "change": pytest.approx(2.0),
        "low": pytest.approx(2.0 * exp(-below), rel=1e-4),
        "high": pytest.approx(2.0 * exp(above), rel=1e-4),
        "verdict": "slower",
    }


def test_scatter_widens_every_interval():
    narrow = [(1.0, 0.99, 1.01)] * 5
    after = [(x, 0.99 * x, 1.01 * x) for x in (0.8, 0.9, 1.0, 1.1, 1.2)]
    found = _changes(frame(narrow, after), "ratio", 0.05)
    alone = _changes(frame(narrow[:1], after[:1]), "ratio", 0.05)
    assert (found["low"] < found["change"]).all()
    assert (found["high"] > found["change"]).all()
    assert found["low"].iloc[0] < alone["low"].iloc[0] / 1.1
    assert set(found["verdict"]) == {"undecided"}


@pytest.mark.parametrize(
    ("after", "threshold", "verdict"),
    [
        ((2.0, 1.99, 2.01), 0.05, "slower"),
        ((2.0, 1.99, 2.01), 1.2, "unchanged"),
        ((0.5, 0.499, 0.501), 0.05, "faster"),
        ((0.5, 0.499, 0.501), 1.2, "unchanged"),
        ((1.0, 0.999, 1.001), 0.05, "unchanged"),
        ((1.0, 0.8, 1.2), 0.05, "undecided"),
        ((1.05, 1.049, 1.051), 0.05, "undecided"),
        ((1 / 1.05, 0.951, 0.9535), 0.05, "undecided"),
        ((1.03, 0.9, 1.031), 0.05, "undecided"),
        ((0.97, 0.969, 1.1), 0.05, "undecided"),
        ((nan, nan, nan), 0.05, "undecided"),
    ],
)
def test_a_verdict_is_what_the_whole_interval_says(after, threshold, verdict):
    both = frame([(1.0, 0.9999, 1.0001)], [after])
    assert _changes(both, "ratio", threshold)["verdict"].tolist() == [verdict]


def test_changed_cases_come_with_the_largest_change_first():
    cases = pd.DataFrame(
        {
            "verdict": ["faster", "unchanged", "slower", "undecided", "slower"],
            "change": [0.5, 1.0, 1.2, 9.0, 3.0],
        }
    )
    found = changed(Comparison(cases, [], [], [], 0.05))
    assert found.index.tolist() == [4, 2, 0]


def test_machines_differ_in_what_identifies_them_alone():
    info = {"cpu": {"brand_raw": "A"}, "cores": 2, "load": 0.1, "memory_bytes": 8}
    before = SimpleNamespace(machine_info=info, sweep_size="default")
    other = {**info, "cpu": {"brand_raw": "B"}, "load": 3.0, "memory_bytes": 9, "keras": "3"}
    after = SimpleNamespace(machine_info=other, sweep_size="quick")
    assert differences(before, before) == []
    assert differences(before, after) == [
        "processor: A before, B after",
        "memory bytes: 8 before, 9 after",
        "keras: not stated before, 3 after",
        "sweep size: default before, quick after",
    ]


def test_operators_are_compared_by_ratio_and_baselines_by_time(builder):
    first = [builder.record("stride", "convolution"), builder.record("stride", "involution")]
    gone, new = (builder.record("stride", "involution", strides=n) for n in (2, 3))
    before = from_document(builder.document([*first, gone]), "old.json")
    after = from_document(builder.document([*first, new]), "new.json")
    found = compare(before, after, 0.07)
    assert found.cases["quantity"].tolist() == ["ratio", "seconds"]
    assert found.cases["fullname"].tolist() == [first[1]["fullname"], first[0]["fullname"]]
    assert found.cases.index.tolist() == [0, 1]
    assert found.cases["change"].tolist() == pytest.approx([1.0, 1.0])
    assert found.unjudged == [(gone["fullname"], "not in the newer run")]
    assert found.only_after == [new["fullname"]]
    assert found.threshold == 0.07
    assert found.differences == []


def test_a_run_without_records_is_named(builder):
    run = from_document(builder.document([builder.record("stride", "convolution")]), "run.json")
    empty = from_document(builder.document([]), "empty.json")
    for pair in ((run, empty), (empty, run)):
        with pytest.raises(ValueError, match=r"records on either side\. .* none in empty\.json"):
            compare(*pair)
