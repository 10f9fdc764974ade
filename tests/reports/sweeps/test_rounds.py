import re
from itertools import accumulate
from xml.etree import ElementTree

from reports.drawing import palette
from reports.sweeps import rounds
from reports.sweeps.analysis import evaluate
from reports.sweeps.load import from_document


def cases(builder, benchmarks):
    results = from_document(builder.document(benchmarks), "x")
    return rounds.cases(palette.prepared(evaluate(results.records)))


def test_each_round_of_operator_and_baseline_is_a_point(builder):
    builder.rounds = 12
    (case,) = cases(builder, [builder.record("stride", "convolution")])
    assert case.drawing.count("h0") == 2 * 12
    assert case.label == "convolution, forward, 1"
    assert "12 rounds" in case.operator
    assert case.baseline.startswith("dense convolution: ")


def test_points_are_in_the_order_of_the_rounds_and_high_when_slow(builder):
    entry = builder.record("stride", "convolution")
    entry["stats"]["data"] = [1.0, 1.1, 1.2, 1.0, 1.0, 0.9]
    entry["extra_info"]["baseline_seconds"] = [1.0] * 6
    entry["extra_info"]["rounds"] = 6
    (case,) = cases(builder, [entry])
    lane = re.search(r'class="points" d="([^"]*)"', case.drawing).group(1)
    steps = [(int(x), int(y)) for x, y in re.findall(r"m(\d+) ?(-?\d+)h0", lane)]
    across, down = (list(accumulate(values)) for values in zip(*steps, strict=True))
    assert len(across) == 6
    assert across == sorted(across)
    assert down[2] < down[1] < down[0] == down[3] == down[4] < down[5]


def test_names_stay_text(builder):
    name = '<script>"&'
    benchmarks = [builder.record("stride", "convolution"), builder.record("stride", name, "b")]
    for case in cases(builder, benchmarks):
        ElementTree.fromstring(case.drawing)
        assert "<script" not in case.drawing


def test_a_large_sweep_is_cut(builder, monkeypatch):
    monkeypatch.setattr(rounds, "MOST_CASES", 3)
    assert len(cases(builder, builder.sweep("stride"))) == 3


def test_of_many_rounds_the_outliers_of_each_stretch_are_drawn(builder):
    builder.rounds = 1000
    entry = builder.record("stride", "convolution")
    entry["stats"]["data"] = [1.0] * 1000
    entry["stats"]["data"][437] = 1.2
    (case,) = cases(builder, [entry])
    lanes = re.findall(r'class="points" d="([^"]*)"', case.drawing)
    assert all(lane.count("h0") <= rounds.MOST_POINTS for lane in lanes)
    down = accumulate(int(y) for y in re.findall(r"m\d+ ?(-?\d+)h0", lanes[0]))
    assert sum(y < rounds.HEIGHT / 2 for y in down) == 1
    assert "1,000 rounds" in case.operator
