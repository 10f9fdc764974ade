"""Stacked bars: the time of a step by part."""

from collections.abc import Sequence
from functools import partial

from matplotlib.axes import Axes

from reports.drawing.figure import Figure, Swatch
from reports.drawing.palette import BLUE, GREEN, GREY, OLIVE, PURPLE, VERMILION, YELLOW
from reports.drawing.panel import panel
from reports.drawing.theme import INK, SURFACE
from reports.profiling.load import Run
from reports.text import units

# Pixels.
WIDTH, BAR, FRAME = 460.0, 34.0, 96.0

# Gradients in a lighter tint of what they are the gradients of.
COLOURS = {
    "kernel generation": GREEN,
    "kernel generation gradients": "#80CFB9",
    "core": VERMILION,
    "core gradients": "#EAAF80",
    "convolution": BLUE,
    "convolution gradients": "#80B9D9",
    "other layers": GREY,
    "other layers gradients": "#BFBFBF",
    "gradient sums": PURPLE,
    "optimizer": OLIVE,
    "input data": "#5B3A8E",
    "dispatch": YELLOW,
    "other": "#D0D4DA",
}
SPARE = "#000000"

CAPTION = "Mean of the traced steps."


def picture(runs: Sequence[Run], labels: Sequence[str], title: str, name: str) -> Figure:
    """Draw the parts of some steps, as time and as shares.

    Args:
        runs: what to compare, one bar each from top to bottom.
        labels: the names of the bars.
        title: what was traced.
        name: unique on the page.
    """
    parts = [
        *(part for part in COLOURS if any(part in run.part_seconds for run in runs)),
        *sorted({part for run in runs for part in run.part_seconds} - COLOURS.keys()),
    ]
    description = "; ".join(
        f"{label}: {_in_words(run)}" for run, label in zip(runs, labels, strict=True)
    )
    size = (WIDTH, FRAME + BAR * len(runs))
    return Figure(
        name,
        title,
        CAPTION,
        panels=[
            panel(
                partial(_draw, runs=runs, labels=labels, parts=parts, share=share),
                size,
                f"{name}-{'share' if share else 'time'}",
                f"{title}: {'share of the step' if share else 'time of a step'} by part",
                description,
            )
            for share in (False, True)
        ],
        legend=[Swatch(part, COLOURS.get(part, SPARE), "s") for part in parts],
    )


def _draw(
    axes: Axes, runs: Sequence[Run], labels: Sequence[str], parts: Sequence[str], share: bool
) -> None:
    unit = units.fitting(max(run.seconds for run in runs), units.SECONDS)
    scales = [1 / run.seconds if share else 1 / unit.size for run in runs]
    places = range(len(runs))
    ends = [0.0] * len(runs)
    for part in parts:
        widths = [run.part_seconds.get(part, 0.0) * s for run, s in zip(runs, scales, strict=True)]
        axes.barh(
            places,
            widths,
            left=ends,
            height=0.68,
            color=COLOURS.get(part, SPARE),
            edgecolor=SURFACE,
            linewidth=0.5,
        )
        ends = [end + width for end, width in zip(ends, widths, strict=True)]
    axes.set_title("Share of the step" if share else "Time of a step")
    axes.set_yticks(places, labels, color=INK)
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.tick_params(axis="y", length=0)
    if share:
        axes.set_xlim(0, 1)
        axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
        return
    axes.set_xlabel(f"{unit.symbol} a step")
    axes.set_xlim(0, max(ends) * 1.22)
    for place, run, end in zip(places, runs, ends, strict=True):
        total = units.quantity(run.seconds, units.SECONDS)
        axes.annotate(
            total, (end, place), (4, 0), textcoords="offset points", va="center", color=INK
        )


def _in_words(run: Run) -> str:
    shares = [f"{part} {100 * s / run.seconds:.0f} %" for part, s in run.part_seconds.items()]
    return f"{units.quantity(run.seconds, units.SECONDS)}, {', '.join(shares)}"
