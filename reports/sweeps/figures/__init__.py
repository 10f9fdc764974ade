"""The figures of the sweeps, one file per figure."""

from reports.sweeps.figures.front import front_figure
from reports.sweeps.figures.grid import grid_figure
from reports.sweeps.figures.overview import overview_figure
from reports.sweeps.figures.roofline import roofline_figure
from reports.sweeps.figures.sweep import cost_figure, ratio_figure

__all__ = [
    "cost_figure",
    "front_figure",
    "grid_figure",
    "overview_figure",
    "ratio_figure",
    "roofline_figure",
]
