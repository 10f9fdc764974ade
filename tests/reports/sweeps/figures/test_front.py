import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.drawing import palette
from reports.sweeps.figures.front import front, front_figure
from reports.sweeps.load import from_document
from tests.reports.synthetic import COMPETITORS

amounts = st.integers(1, 9)


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=12))
def test_nothing_beats_the_front_and_it_beats_all_else(pairs):
    records = pd.DataFrame(pairs, columns=["parameters", "median_seconds"])

    def beats(a, b):
        return all(a <= b) and any(a < b)

    points = records.to_numpy()
    unbeaten = [not any(beats(other, point) for other in points) for point in points]
    expected = {tuple(point) for point in points[unbeaten]}
    found = front(records).to_numpy()
    assert {tuple(point) for point in found} == expected
    assert len(found) == len(expected)
    assert (np.diff(found[:, 0]) > 0).all()


def prepared(builder, benchmarks):
    results = from_document(builder.document(benchmarks), "x")
    return palette.prepared(results.judged)


def test_all_operators_at_one_shape_are_drawn(builder):
    figure = front_figure(prepared(builder, builder.sweep("groups", [1, 4, 64])), "f")
    assert len(figure.panels) == 2
    assert {entry.label for entry in figure.legend} == {
        "convolution",
        "depthwise convolution",
        "involution (patches)",
        "involution (fused)",
    }
    assert figure.title == (
        "Forward, no operator beats involution (fused) and depthwise convolution in time and "
        "parameters"
    )
    assert figure.panels[0].description.startswith("On the front: ")


@pytest.mark.parametrize("sweep", ["resolution", "kernel_size"])
def test_cases_of_several_shapes_or_windows_do_not_compete(builder, sweep):
    assert front_figure(prepared(builder, builder.sweep(sweep)), "f") is None


def test_an_operator_that_is_the_same_at_every_place_is_drawn_once(builder):
    small = ("convolution", "keras-3x3", "graph")
    entries = [
        entry
        for groups in (1, 4, 16)
        for entry in builder.whole_case("groups", competitors=(*COMPETITORS, small), groups=groups)
    ]
    records = prepared(builder, entries)
    figure = front_figure(records[~records["is_twin"]], "f")
    body = figure.panels[0].body
    # The label is an operator's own number of groups: 64 is that of depthwise convolution.
    assert body.count(">64<") == 1
    assert body.count(">16<") == 2  # both implementations of involution
    assert "convolution (3x3)" in {entry.label for entry in figure.legend}
