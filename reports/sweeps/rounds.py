"""The raw rounds of each case: how they are distributed, and in which order they came."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup
from numpy.typing import NDArray

from reports.sweeps import tables
from reports.text import units, words

# Cases drawn of one sweep: each takes a kilobyte or two of the page.
MOST_CASES = 80
# Pixels of a lane: a point a round, and beside them where the middle half and most of them lie.
WIDTH, HEIGHT, BOX = 300, 34, 40
# Rounds that lie farther from their median than this share are drawn at the edge.
REACH = 0.25


@dataclass(frozen=True)
class Case:
    """One record's rounds."""

    label: str
    drawing: Markup
    operator: str
    baseline: str


def cases(records: pd.DataFrame) -> list[Case]:
    """Draw the rounds of a sweep's records, each beside those of its baseline.

    Args:
        records: one sweep's prepared records.

    Returns:
        The first `MOST_CASES` of them.
    """
    name = tables.baseline_name(records)
    return [_case(row, name) for row in tables.rows(records.head(MOST_CASES))]


def _case(row: dict[str, Any], baseline: str) -> Case:
    lanes = [np.asarray(row[key], dtype=float) for key in ("seconds", "baseline_seconds")]
    label = f"{row['series']}, {row['direction']}, {words.value(row['axis_value'])}"
    return Case(
        label,
        _drawing(lanes, [row["colour"], "var(--muted)"], label),
        f"{row['series']}: {_in_words(lanes[0])}",
        f"{baseline}: {_in_words(lanes[1])}",
    )


def _in_words(seconds: NDArray[np.float64]) -> str:
    low, middle, high = (
        units.quantity(value, units.SECONDS) for value in np.quantile(seconds, [0.05, 0.5, 0.95])
    )
    return f"{middle}, nine tenths of {len(seconds)} rounds from {low} to {high}"


def _drawing(lanes: Sequence[NDArray[np.float64]], colours: Sequence[str], label: str) -> Markup:
    """A lane each, rounds in their order, as shares of their own median."""
    shapes = []
    for lane, (seconds, colour) in enumerate(zip(lanes, colours, strict=True)):
        top = lane * (HEIGHT + 6)
        middle = float(np.median(seconds)) or 1.0
        heights = _heights(seconds / middle) + top
        steps = 4 + np.arange(len(seconds)) * (WIDTH - 8) / max(len(seconds) - 1, 1)
        points = "".join(f"M{x:.0f} {y:.0f}h.01" for x, y in zip(steps, heights, strict=True))
        low, first, third, high = (
            _heights(np.quantile(seconds, [0.05, 0.25, 0.75, 0.95]) / middle) + top
        )
        centre = WIDTH + BOX / 2
        shapes.append(
            f'<g stroke="{escape(colour)}" fill="none">'
            f'<path d="M0 {top + HEIGHT / 2:.0f}h{WIDTH}" stroke="var(--grid)"/>'
            f'<path class="points" d="{points}" stroke-width="4"/>'
            f'<path d="M{centre:.0f} {low:.1f}V{high:.1f}" stroke-width="1.5"/>'
            f'<path d="M{centre:.0f} {first:.1f}V{third - 0.01:.1f}" stroke-width="12"/></g>'
        )
    size = f"{WIDTH + BOX} {2 * HEIGHT + 6}"
    return Markup(
        f'<svg class="rounds" viewBox="0 0 {size}" role="img" '
        f'aria-label="Rounds of {escape(label)}, in their order">{"".join(shapes)}</svg>'
    )


def _heights(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    inside = np.clip((shares - 1) / REACH, -1, 1)
    return HEIGHT / 2 * (1 - 0.9 * inside)
