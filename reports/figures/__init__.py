"""The figures of the sweeps: a file for each kind."""

from reports.figures.front import front_picture
from reports.figures.grid import grid_picture
from reports.figures.overview import overview_picture
from reports.figures.roofline import roofline_picture
from reports.figures.sweep import cost_picture, ratio_picture

__all__ = [
    "cost_picture",
    "front_picture",
    "grid_picture",
    "overview_picture",
    "ratio_picture",
    "roofline_picture",
]
