"""The figures of the sweeps: a file for each kind."""

from reports.sweeps.figures.front import front_picture
from reports.sweeps.figures.grid import grid_picture
from reports.sweeps.figures.overview import overview_picture
from reports.sweeps.figures.roofline import roofline_picture
from reports.sweeps.figures.sweep import cost_picture, ratio_picture

__all__ = [
    "cost_picture",
    "front_picture",
    "grid_picture",
    "overview_picture",
    "ratio_picture",
    "roofline_picture",
]
