"""Where the saving goes: time saved against work saved, all sweeps of a run."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from reports.drawing import scales
from reports.drawing.figure import Figure
from reports.drawing.labels import label_points
from reports.drawing.palette import legend
from reports.drawing.theme import MUTED
from reports.sweeps import subjects, tables
from reports.sweeps.figures.common import panel_per_direction, points, ratios_in_words
from reports.text import units, words

CAPTION = (
    "One point per record of all sweeps of operators. On the dotted line, time falls in proportion "
    "to the FLOPs. Above it, work was saved and the machine did not turn all of the saving into "
    "time. Below the solid line at 1x is faster than {baseline}. The labels name the fastest point "
    "and, of involution, the point that is farthest above the dotted line."
)


def overview_figure(records: pd.DataFrame, title: str, name: str) -> Figure | None:
    """Draw every record's time ratio against its FLOP ratio: does saved work save time?

    Args:
        records: one run's prepared records.
        title: the finding.
        name: unique on the page.

    Returns:
        The figure; None where the work of no operator can be compared with the baseline's.
    """
    shown = records[records["flops_ratio"].gt(0) & ~records["is_baseline"]]
    if shown.empty:
        return None
    baseline = tables.baseline_name(records)
    spans = tuple(scales.span([*shown[column], 1.0]) for column in ("flops_ratio", "ratio"))
    return Figure(
        name,
        title,
        CAPTION.format(baseline=baseline),
        panels=panel_per_direction(
            shown,
            partial(_draw, spans=spans, baseline=baseline),
            name,
            "time ratio by FLOP ratio, all sweeps",
            ratios_in_words,
        ),
        legend=legend(shown),
    )


def notable(records: pd.DataFrame) -> pd.DataFrame:
    """Choose the points to label: the fastest, and the one where the subject saved least.

    Args:
        records: one direction's prepared records, with `ratio` and `flops_ratio`.
    """
    of_subject = records[records["series"] == subjects.subject(records)]
    loss = of_subject["ratio"] / of_subject["flops_ratio"]
    return records.loc[list(dict.fromkeys([records["ratio"].idxmin(), loss.idxmax()]))]


def _name(row: Mapping[str, Any]) -> str:
    """Name a point by its series and step; the label of a case is its whole name."""
    return f"{row['series']} {words.at(str(row['axis']), words.value(row['axis_value']))}"


def _draw(
    axes: Axes, records: pd.DataFrame, spans: tuple[tuple[float, float], ...], baseline: str
) -> None:
    scales.apply_log(axes, spans[0], units.ratio_tick, vertical=False)
    scales.apply_log(axes, spans[1], units.ratio_tick)
    axes.axhline(1.0, color=MUTED, linewidth=1.0)
    ends = [min(low for low, _ in spans), max(high for _, high in spans)]
    axes.plot(ends, ends, color=MUTED, linewidth=1.0, linestyle=":")
    points(axes, records, "flops_ratio", "ratio")
    axes.set(xlabel=f"FLOPs / FLOPs of {baseline}", ylabel=f"Time / time of {baseline}")
    labels = [
        (row["flops_ratio"], row["ratio"], _name(row)) for row in tables.rows(notable(records))
    ]
    lines = [np.array([ends, ends]).T, np.array([spans[0], (1.0, 1.0)]).T]
    places = records[["flops_ratio", "ratio"]].to_numpy(dtype=float)
    label_points(axes, labels, places, lines=lines)
