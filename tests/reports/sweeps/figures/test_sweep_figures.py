"""Figures: well-formed, deterministic, without ids in common, whatever names they hold."""

import re
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from reports.drawing import palette, scales
from reports.drawing.theme import VARIABLES
from reports.sweeps.analysis import evaluate
from reports.sweeps.figures.overview import overview_figure
from reports.sweeps.figures.sweep import cost_figure, ratio_figure
from reports.sweeps.load import from_document


@pytest.fixture
def sweep(builder):
    return builder.sweep("kernel_size", [3, 7])


def draw(builder, benchmarks, name="f"):
    results = from_document(builder.document(benchmarks), "bench.json")
    judged = palette.prepared(evaluate(results.records))
    missing = palette.prepared(results.unmeasured)
    return (
        ratio_figure(judged, missing, "T", f"{name}-r"),
        cost_figure(judged, "T", f"{name}-c"),
        overview_figure(judged, "T", f"{name}-o"),
    )


def panels(drawn):
    return [panel for figure in drawn if figure for panel in figure.panels]


def test_panels_are_accessible_and_follow_the_theme(builder, sweep):
    for panel in panels(draw(builder, sweep)):
        ElementTree.fromstring(panel.body)
        assert panel.title
        assert panel.description
        assert "var(--ink)" in panel.body
        assert not any(stand_in in panel.body for stand_in in VARIABLES)
        assert "white" not in panel.body


def test_equal_records_give_equal_panels_with_ids_of_their_own(builder, sweep):
    first, second = panels(draw(builder, sweep)), panels(draw(builder, sweep))
    assert first == second
    for panel in first:
        ids = re.findall(r'\bid="([^"]+)"', panel.body)
        assert len(ids) == len(set(ids))
        assert all(identity.startswith(f"{panel.name}-") for identity in ids)
    names = [panel.name for panel in first]
    assert len(names) == len(set(names))


def test_every_reference_has_its_target(builder, sweep):
    for panel in panels(draw(builder, sweep)):
        targets = set(re.findall(r'\bid="([^"]+)"', panel.body))
        references = re.findall(r"url\(#([^)]+)\)", panel.body)
        assert references
        assert set(references) <= targets


def test_an_operator_has_its_colour(builder, sweep):
    drawn = draw(builder, sweep)
    for panel in panels(drawn[:2]):
        for colour in ("#0072b2", "#56b4e9", "#cc79a7", "#e69f00"):
            assert colour in panel.body
    legend = {entry.label: entry.colour for entry in drawn[1].legend}
    assert legend["involution (fused)"] == "#CC79A7"


def test_markup_and_formulas_in_names_stay_text(builder):
    name = "<script>alert(1)</script> $x_$ & \\frac"
    benchmarks = [
        builder.record("stride", "convolution"),
        builder.record("stride", name, "other <b>"),
    ]
    for panel in panels(draw(builder, benchmarks)):
        assert "<script" not in panel.body
        ElementTree.fromstring(panel.body)
    assert "$x_$" in draw(builder, benchmarks)[0].panels[0].body


def test_unmeasured_memory_and_strings_on_the_axis(builder):
    benchmarks = [
        builder.record("dtype", operator, dtype=dtype)
        for operator in ("convolution", "involution")
        for dtype in ("float32", "bfloat16")
    ]
    for benchmark in benchmarks:
        benchmark["extra_info"]["peak_memory_bytes"] = None
    ratios, costs, _ = draw(builder, benchmarks)
    assert "not measured" in costs.panels[1].body
    assert "bfloat16" in ratios.panels[0].body


def test_a_single_record_can_be_drawn(builder):
    benchmarks = [builder.record("stride", "convolution"), builder.record("stride", "involution")]
    assert len(panels(draw(builder, benchmarks[:1])[:2])) == 5
    builder.rounds = 1
    assert panels(draw(builder, [builder.record("stride", "convolution")])[:2])


def test_no_figure_stays_open(builder, sweep):
    draw(builder, sweep)
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("values", "logarithmic"),
    [
        ([8, 16, 32, 64], True),
        ([8, 12, 16, 20, 24, 32, 48, 64], True),
        ([1, 2, 3, 4], False),
        ([3, 5, 7, 9, 11, 13, 15], False),
        ([1, 2], False),
        ([0, 1, 8], False),
        (["a", "b", "c"], False),
    ],
)
def test_axes_that_double_are_logarithmic(values, logarithmic):
    assert scales.Scale.of(pd.Series(values, dtype=object)).logarithmic is logarithmic


@pytest.mark.parametrize("ends", [(0.9, 1.1), (0.05, 5), (1e-6, 10), (3, 4), (1, 1e12)])
@pytest.mark.parametrize("binary", [False, True])
def test_ticks_are_few_and_inside(ends, binary):
    ticks = scales.ticks(*ends, binary=binary)
    assert 2 <= len(ticks) <= scales.MOST_TICKS
    assert all(ends[0] <= tick <= ends[1] for tick in ticks)


def test_labels_keep_apart_and_in_order():
    moved = scales.apart([0.1, 0.11, 0.5, 0.98, 0.99, 1.0], least=0.08)
    assert (np.diff(moved) >= 0.08 - 1e-9).all()
    assert max(moved) <= 1
