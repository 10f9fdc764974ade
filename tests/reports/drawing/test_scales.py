"""Names of shapes under an axis: next to each other, in two lines, or upright."""

import pandas as pd
import pytest

from reports.drawing.panel import panel
from reports.drawing.scales import Scale


@pytest.mark.parametrize(
    ("names", "shown", "rotation"),
    [
        (["8x8, K3", "8x8, K7"], "8x8, K3", 0),
        ([f"{size}x{size}, K7" for size in range(10, 16)], "10x10\nK7", 0),
        ([f"{size}x{size}, K7" for size in range(10, 26)], "10x10, K7", 90),
    ],
)
def test_names_fit_under_the_axis(names, shown, rotation):
    found = []

    def draw(axes):
        Scale.of(pd.Series(names)).apply(axes, "Case")
        found.extend(axes.get_xticklabels())
        assert axes.get_xlim() == (-0.5, len(names) - 0.5)

    panel(draw, (460.0, 315.0), "p", "t", "d")
    assert found[0].get_text() == shown
    assert found[0].get_rotation() == rotation
