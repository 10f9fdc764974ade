"""Stands until the figures import from `analysis`: then this file goes."""

from reports.sweeps.analysis import SWEEP, directions, evaluate, of_direction
from reports.sweeps.intervals import intervals

__all__ = ["SWEEP", "directions", "evaluate", "intervals", "of_direction"]
