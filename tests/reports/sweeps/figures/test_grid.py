import pytest

from reports.drawing import palette
from reports.sweeps.analysis import evaluate
from reports.sweeps.figures.grid import grid_figure
from reports.sweeps.load import from_document


def prepared(builder, pairs, ratio=0.5):
    benchmarks = []
    for height, kernel_size in pairs:
        case = {"height": height, "kernel_size": kernel_size}
        label = f"{height}x{height}, K{kernel_size}"
        for operator, implementation, planted in (
            ("convolution", "keras", 1.0),
            ("involution", "fused", ratio),
        ):
            entry = builder.record("label", operator, implementation, ratio=planted, **case)
            entry["extra_info"]["label"] = label
            benchmarks.append(entry)
    results = from_document(builder.document(benchmarks), "x")
    return palette.prepared(evaluate(results.records))


PAIRS = [(height, kernel_size) for height in (8, 16, 32) for kernel_size in (3, 7)]


def test_each_cell_says_its_ratio(builder):
    builder.noise = 1e-4
    figure = grid_figure(prepared(builder, PAIRS), "g")
    assert len(figure.panels) == 1
    assert figure.panels[0].body.count(">0.50x<") == 6
    assert "Kernel size" in figure.panels[0].body
    assert "Height and width" in figure.panels[0].body


def test_what_is_undecided_is_marked(builder):
    builder.noise, builder.rounds = 0.3, 8
    figure = grid_figure(prepared(builder, PAIRS, ratio=1.05), "g")
    assert "x ?<" in figure.panels[0].body


def test_a_grid_of_the_baseline_alone_is_no_map(builder):
    records = prepared(builder, PAIRS)
    assert grid_figure(records, "g")
    assert grid_figure(records[records["is_baseline"]], "g") is None


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        (PAIRS, True),
        ([(8, 3), (16, 3), (32, 3)], False),  # one axis
        ([(8, 3), (16, 7), (32, 11)], False),  # a diagonal
    ],
)
def test_a_map_takes_a_grid(builder, pairs, expected):
    figure = grid_figure(prepared(builder, pairs), "g")
    assert (figure is not None) is expected
