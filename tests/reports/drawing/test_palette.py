from reports.drawing import palette
from reports.drawing.figure import Swatch


def test_a_legend_shows_each_shape_as_the_plot_does():
    markers = {marker for _, marker in (*palette.LOOKS.values(), *palette.SPARE_LOOKS)}
    outlines = {marker: Swatch("", "", marker).outline for marker in markers}
    assert len(set(outlines.values())) == len(markers)
