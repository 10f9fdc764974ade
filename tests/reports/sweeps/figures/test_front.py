import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.drawing import palette
from reports.sweeps.figures.front import front, front_figure
from reports.sweeps.load import from_document

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
    assert figure.title.endswith("forward: involution (fused), depthwise convolution")
    assert figure.panels[0].description.startswith("On the front: ")


@pytest.mark.parametrize("sweep", ["resolution", "kernel_size"])
def test_cases_of_several_shapes_or_windows_do_not_compete(builder, sweep):
    assert front_figure(prepared(builder, builder.sweep(sweep)), "f") is None
