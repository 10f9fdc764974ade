import pandas as pd

from reports.drawing import palette
from reports.sweeps.figures.overview import notable, overview_figure
from reports.sweeps.load import from_document


def test_the_fastest_and_the_least_saving_of_involution_are_named():
    records = pd.DataFrame(
        {
            "series": ["a", "a", "b", "b"],
            "operator": ["involution", "involution", "b", "b"],
            "implementation": ["native", "native", "b", "b"],
            "is_baseline": False,
            "is_twin": False,
            "file": "x",
            "sweep": "stride",
            "flops_ratio": [0.1, 0.1, 0.5, 0.01],
            "ratio": [0.2, 0.4, 0.1, 0.5],
        }
    )
    assert notable(records).index.tolist() == [2, 1]


def test_names_stand_in_the_plot(builder):
    results = from_document(builder.document(builder.sweep("kernel_size", [3, 7])), "x")
    records = palette.prepared(results.judged)
    panel = overview_figure(records, "T", "o").panels[0].body
    assert ">depthwise convolution at kernel size" in panel
    assert ">involution (fused) at kernel size" in panel
