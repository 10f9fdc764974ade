"""Stacked bars: the time of a step by part."""

from collections.abc import Sequence
from functools import partial

from matplotlib.axes import Axes

from reports.drawing.figure import Figure, Swatch
from reports.drawing.palette import BLUE, GREEN, GREY, OLIVE, PURPLE, VERMILION, YELLOW
from reports.drawing.panel import panel
from reports.drawing.theme import INK, SURFACE
from reports.profiling.record import Trace
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


def picture(traces: Sequence[Trace], labels: Sequence[str], title: str, name: str) -> Figure:
    """Draw the parts of some steps, as time and as shares.

    Args:
        traces: what to compare, one bar per trace from top to bottom.
        labels: the names of the bars.
        title: what was traced.
        name: unique on the page.
    """
    parts = [
        *(part for part in COLOURS if any(part in trace.part_seconds for trace in traces)),
        *sorted({part for trace in traces for part in trace.part_seconds} - COLOURS.keys()),
    ]
    description = "; ".join(
        f"{label}: {_in_words(trace)}" for trace, label in zip(traces, labels, strict=True)
    )
    size = (WIDTH, FRAME + BAR * len(traces))
    return Figure(
        name,
        title,
        CAPTION,
        panels=[
            panel(
                partial(_draw, traces=traces, labels=labels, parts=parts, share=share),
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
    axes: Axes, traces: Sequence[Trace], labels: Sequence[str], parts: Sequence[str], *, share: bool
) -> None:
    unit = units.fitting(max(trace.seconds for trace in traces), units.SECONDS)
    scales = [1 / trace.seconds if share else 1 / unit.size for trace in traces]
    places = range(len(traces))
    ends = [0.0] * len(traces)
    for part in parts:
        widths = [
            trace.part_seconds.get(part, 0.0) * s for trace, s in zip(traces, scales, strict=True)
        ]
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
    axes.set_xlabel(f"{unit.symbol} per step")
    axes.set_xlim(0, max(ends) * 1.22)
    for place, trace, end in zip(places, traces, ends, strict=True):
        total = units.quantity(trace.seconds, units.SECONDS)
        axes.annotate(
            total, (end, place), (4, 0), textcoords="offset points", va="center", color=INK
        )


def _in_words(trace: Trace) -> str:
    shares = [f"{part} {100 * s / trace.seconds:.0f} %" for part, s in trace.part_seconds.items()]
    return f"{units.quantity(trace.seconds, units.SECONDS)}, {', '.join(shares)}"
