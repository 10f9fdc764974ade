"""All series, each as a small drawing: ratio and time over commits."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from reports.history.shown import Shown, levels_in_words
from reports.history.thinning import MOST_POINTS, Line, line
from reports.history.timelines import QUANTITIES

# Pixels of a lane, and of the gap between two lanes.
WIDTH, HEIGHT, GAP = 300, 40, 6
# Pixels left free at both ends of a lane.
EDGE = 4
# Values that are farther from the median than this factor are drawn at the edge.
REACH = 1.5
CAPTION = (
    "Above, the ratio to the baseline; below, the time. Each point is a run, in the order of the "
    "commits, and its bar is the 95 % interval of its rounds. A lane reaches from the median to "
    f"{REACH:g} times it and to one {REACH:g}th of it, on a logarithmic scale; the line in the "
    "middle is the median. Dotted lines mark changes. "
    f"Of more than {MOST_POINTS} runs, each point is the median of a stretch of them."
)


@dataclass(frozen=True)
class Lanes:
    """One series: a drawing, and what is in it in words."""

    label: str
    drawing: Markup
    ratio: str
    time: str


def lanes(shown: Shown) -> Lanes:
    """Draw the ratio of a series above its time; of a baseline the time alone.

    Args:
        shown: the series.
    """
    row = shown.row
    quantities = QUANTITIES[1:] if row["is_baseline"] else QUANTITIES
    drawn = [line(shown.timeline, shown.series, each) for each in quantities]
    label = f"{row['direction']}, {row['label']}"
    return Lanes(
        label,
        _drawing(shown, drawn, f"{row['name']}, {label}"),
        "" if row["is_baseline"] else f"Ratio {_in_words(shown, 'ratio')}",
        f"Time {_in_words(shown, 'seconds')}",
    )


def _in_words(shown: Shown, quantity: str) -> str:
    return ", then ".join(levels_in_words(shown, quantity))


def _drawing(shown: Shown, drawn: Sequence[Line], label: str) -> Markup:
    """Draw one lane per line. Classes of the page's style sheet say how the paths look."""
    most = int(shown.timeline.steps[-1])
    marks = [
        _across(
            (shown.timeline.steps[point.place - 1] + shown.timeline.steps[point.place]) / 2, most
        )
        for point in shown.points
    ]
    parts = []
    for lane, each in enumerate(drawn):
        top = lane * (HEIGHT + GAP)
        middle = float(np.median(each.middle)) if len(each.middle) else 1.0
        across = np.rint(_across(each.x, most)).astype(int)
        down, low, high = (
            top + _heights(values / middle) for values in (each.middle, each.low, each.high)
        )
        changes = "".join(f'<path class="change" d="M{x:.0f} {top}v{HEIGHT}"/>' for x in marks)
        parts.append(
            f'<path class="middle" d="M0 {top + HEIGHT // 2}h{WIDTH}"/>{changes}'
            f'<g><path class="most" d="{_bars(across, low, high)}"/>'
            f'<path class="points" d="{_dots(across, down)}"/></g>'
        )
    kind = "single" if len(drawn) == 1 else "both"
    height = len(drawn) * (HEIGHT + GAP) - GAP
    return Markup(
        '<svg class="{}" viewBox="0 0 {} {}" role="img" stroke="{}" '
        'aria-label="{}, over commits">{}</svg>'
    ).format(kind, WIDTH, height, shown.row["colour"], label, Markup("".join(parts)))


def _across(steps: NDArray[np.float64], most: int) -> NDArray[np.float64]:
    return EDGE + steps * (WIDTH - 2 * EDGE) / max(most, 1)


def _heights(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    inside = np.clip(np.log(shares) / np.log(REACH), -1, 1)
    return np.asarray(HEIGHT / 2 * (1 - 0.94 * inside))


def _dots(across: NDArray[np.int64], down: NDArray[np.float64]) -> str:
    # A line of no length is a dot where its ends are round.
    return "".join(f"M{x} {y:.0f}h0" for x, y in zip(across, down, strict=True))


def _bars(across: NDArray[np.int64], low: NDArray[np.float64], high: NDArray[np.float64]) -> str:
    ends = zip(across, low, high, strict=True)
    return "".join(f"M{x} {a:.0f}V{b:.0f}" for x, a, b in ends if np.isfinite(a + b))
