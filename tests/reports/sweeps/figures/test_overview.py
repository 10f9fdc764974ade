import pandas as pd

from reports.drawing import palette
from reports.sweeps.figures.overview import notable, overview_figure
from reports.sweeps.load import from_document


def test_the_fastest_and_the_least_saving_of_each_are_named():
    records = pd.DataFrame(
        {
            "series": ["a", "a", "b", "b"],
            "flops_ratio": [0.1, 0.1, 0.5, 0.01],
            "ratio": [0.2, 0.4, 0.1, 0.5],
        }
    )
    assert notable(records).index.tolist() == [2, 1, 3]


def test_names_stand_in_the_plot(builder):
    results = from_document(builder.document(builder.sweep("kernel_size", [3, 7])), "x")
    records = palette.prepared(results.judged)
    panel = overview_figure(records, "T", "o").panels[0].body
    assert ">depthwise convolution, kernel size 3<" in panel
    assert ">involution (patches), kernel size" in panel
