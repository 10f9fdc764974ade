"""The raw rounds of each case: how they are distributed, and in which order they came."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup
from numpy.typing import NDArray

from reports.sweeps import tables
from reports.text import units, words

# Cases drawn of one sweep: each takes about half a kilobyte of the page.
MOST_CASES = 80
# Rounds drawn one by one. More would cover each other: of a longer series, the lowest and the
# highest round of each stretch are drawn.
MOST_POINTS = 100
# Pixels of a lane, of the gap between two lanes, and of the bar next to them.
WIDTH, HEIGHT, GAP, BAR = 300, 34, 6, 40
# Pixels left free at both ends of a lane.
EDGE = 4
# Rounds that are farther from the median than this share of it are drawn at the edge.
REACH = 0.25
CAPTION = (
    "Each point is a round, in the order of the measurement: the operator above, its baseline "
    f"in the same rounds below. A lane reaches {100 * REACH:.0f} % up and down from its "
    "median. The bar at the right holds the middle half of the rounds, its line nine tenths. "
    f"Of more than {MOST_POINTS} rounds, the lowest and the highest of each stretch are drawn."
)
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CaseRounds:
    """One record's rounds: a drawing, and what is in it in words."""

    label: str
    drawing: Markup
    operator: str
    baseline: str


def cases(records: pd.DataFrame) -> list[CaseRounds]:
    """Draw the rounds of a sweep's records, each above those of its baseline.

    Args:
        records: one sweep's prepared records.

    Returns:
        The first `MOST_CASES` of them.
    """
    name = tables.baseline_name(records)
    return [_case(row, name) for row in tables.rows(own(records).head(MOST_CASES))]


def own(records: pd.DataFrame) -> pd.DataFrame:
    """Keep the records that have rounds besides those of their baseline.

    Args:
        records: one sweep's prepared records.

    Returns:
        Not the baseline itself, where all operators of its case were timed in the same rounds.
    """
    return records[~records["is_baseline"] | records["measurement"].isna()]


def _case(row: dict[str, Any], baseline: str) -> CaseRounds:
    lanes = [np.asarray(row[key], dtype=float) for key in ("seconds", "baseline_seconds")]
    spreads = [np.quantile(seconds, QUANTILES) for seconds in lanes]
    label = f"{row['series']}, {row['direction']}, {words.value(row['axis_value'])}"
    return CaseRounds(
        label,
        _drawing(lanes, spreads, str(row["colour"]), label),
        f"{row['series']}: {_in_words(lanes[0], spreads[0])}",
        f"{baseline}: {_in_words(lanes[1], spreads[1])}",
    )


def _in_words(seconds: Floats, spread: Floats) -> str:
    low, middle, high = (units.quantity(spread[place], units.SECONDS) for place in (0, 2, 4))
    return f"{middle}, nine tenths of {units.counted(len(seconds), 'round')} from {low} to {high}"


def _drawing(lanes: Sequence[Floats], spreads: Sequence[Floats], colour: str, label: str) -> Markup:
    """Draw one lane each, rounds in their order, as shares of their own median.

    Classes of the page's style sheet say how the paths look; only the colour is the operator's.
    """
    parts = []
    for lane, (seconds, spread) in enumerate(zip(lanes, spreads, strict=True)):
        top = lane * (HEIGHT + GAP)
        middle = float(spread[2]) or 1.0
        low, first, _, third, high = _heights(spread / middle) + top
        centre = WIDTH + BAR // 2
        parts.append(
            f'<path class="middle" d="M0 {top + HEIGHT // 2}h{WIDTH}"/>'
            f'<g><path class="points" d="{_points(seconds / middle, top)}"/>'
            f'<path class="most" d="M{centre} {low:.1f}V{high:.1f}"/>'
            f'<path class="half" d="M{centre} {first:.1f}V{third - 0.01:.1f}"/></g>'
        )
    return Markup(
        '<svg class="rounds" viewBox="0 0 {} {}" role="img" stroke="{}" '
        'aria-label="Rounds of {}, in their order">{}</svg>'
    ).format(WIDTH + BAR, 2 * HEIGHT + GAP, colour, label, Markup("".join(parts)))


def _points(shares: Floats, top: int) -> str:
    """Write one dot per round, each as a step in whole pixels from the one before."""
    order = np.arange(len(shares))
    across = EDGE + order * (WIDTH - 2 * EDGE) / max(len(shares) - 1, 1)
    down = _heights(shares) + top
    chosen = order if len(shares) <= MOST_POINTS else _extremes(shares)
    spots = np.rint(np.column_stack([across, down])[chosen]).astype(int)
    steps = np.diff(spots, axis=0, prepend=np.zeros((1, 2), dtype=int)).tolist()
    # A line of no length is a dot where its ends are round.
    return "".join(f"m{x}{y}h0" if y < 0 else f"m{x} {y}h0" for x, y in steps)


def _extremes(shares: Floats) -> NDArray[np.int64]:
    """Find the lowest and the highest round of each stretch of a long series."""
    stretches = np.array_split(np.arange(len(shares)), MOST_POINTS // 2)
    found = [[part[shares[part].argmin()], part[shares[part].argmax()]] for part in stretches]
    return np.unique(found)


def _heights(shares: Floats) -> Floats:
    inside = np.clip((shares - 1) / REACH, -1, 1)
    return np.asarray(HEIGHT / 2 * (1 - 0.9 * inside))
