"""Histories made of the noise of real runs, with changes planted in them."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from reports.history.timelines import Timeline

# Ratios of quick sweeps of twenty commits that changed no operator: one row per series.
NOISE = Path(__file__).with_name("noise.csv")
# Runs that follow each other can share loads: noise is drawn in blocks of so many.
BLOCK = 3


@dataclass(frozen=True)
class Planted:
    """A change: its series, its first run, and how many times as long the series takes since."""

    series: int
    place: int
    factor: float


def noise(size=None):
    """Logarithms of the ratios of real runs over each series' median, of shape (series, runs).

    Args:
        size: what a typical series shall scatter by; None leaves the noise as it was.
    """
    with NOISE.open(encoding="utf-8") as file:
        rows = [[float(value) for value in row[1:]] for row in list(csv.reader(file))[1:]]
    logs = np.log(np.array(rows))
    logs -= np.median(logs, axis=1, keepdims=True)
    return logs if size is None else logs * size / scatter(logs)


def scatter(noise):
    """The standard deviation of a typical series, of which the middle half of its runs speaks."""
    low, high = np.quantile(noise, [0.25, 0.75], axis=1)
    return float(np.median((high - low) / 1.349))


def drawn(noise, runs, random):
    """As many runs as wanted: blocks of real runs that follow each other, all series together."""
    starts = random.integers(0, noise.shape[1] - BLOCK + 1, -(-runs // BLOCK))
    columns = (starts[:, None] + np.arange(BLOCK)).ravel()[:runs]
    return noise[:, columns]


def timeline(logs, plants=()):
    """A machine's runs of as many commits, with changes planted."""
    values = logs.copy()
    for plant in plants:
        values[plant.series, plant.place :] += np.log(plant.factor)
    count, runs = values.shape
    series = pd.DataFrame({"quantity": ["ratio"] * count})
    ratios = {"ratio": np.exp(values), "seconds": np.full_like(values, np.nan)}
    return Timeline("here", pd.DataFrame({"step": np.arange(runs)}), series, ratios)
