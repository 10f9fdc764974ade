"""The figure of a model: what each of its layers takes, now and with involution."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from reports.drawing.figure import Figure, Panel, Swatch, joined
from reports.drawing.palette import BLUE, GREY, VERMILION
from reports.drawing.panel import panel
from reports.drawing.theme import INK, MUTED
from reports.sweeps.model import naming
from reports.sweeps.model.findings import by_share
from reports.sweeps.model.layers import MeasuredModel, ModelLayer, Row, estimate
from reports.sweeps.model.projection import candidate
from reports.sweeps.model.propagation import Uncertain, propagated
from reports.text import units, words

# Layers that are drawn; smaller ones are in the table.
MOST_LAYERS = 12
# Pixels: the width of a plot, narrow enough for a phone; the height of a layer and of the rest.
WIDTH, LAYER, FRAME = 420.0, 56.0, 70.0
# Shares of a layer's height: above the first one, where its name is and its two bars, and how high
# a bar is.
TOP, NAME, NOW, THEN, HEIGHT = 0.12, 0.14, 0.42, 0.72, 0.27
# Room at the right of the longest bar for its number, as a share of it.
ROOM = 1.22
CAPTION = (
    "Calls x median of each layer, timed alone, over the median of {model}: as it is, and with "
    "involution in its place, {size}, with 95 % intervals. Grey: layers that involution cannot "
    "replace{rest}.{left_out}"
)
REST_LABEL = "The rest of the model"


@dataclass(frozen=True)
class Bar:
    """A layer as it is drawn; `then` is None where involution cannot take its place."""

    name: str
    now: Uncertain
    then: Uncertain | None

    @property
    def longest(self) -> float:
        """Where the longer of its two bars ends, with its interval."""
        return max(_end(self.now), _end(self.then) if self.then else 0.0)


def model_figure(model: MeasuredModel, title: str, name: str) -> Figure | None:
    """Draw the share of the model's time that each layer takes, now and with involution.

    Args:
        model: of `layers.measured_model`.
        title: the finding.
        name: unique on the page.

    Returns:
        The figure, a plot for each direction; None where the model or its layers were not measured.
    """
    drawn = {direction: _bars(model, direction) for direction in model.whole}
    drawn = {direction: bars for direction, bars in drawn.items() if bars}
    if not drawn:
        return None
    longest = max(bar.longest for bars in drawn.values() for bar in bars)
    return Figure(
        name,
        title,
        _caption(model),
        panels=[
            _panel(bars, direction, joined(name, words.slug(direction)), ROOM * longest)
            for direction, bars in drawn.items()
        ],
        legend=[
            Swatch("now", BLUE, "s"),
            Swatch("with involution", VERMILION, "s"),
            Swatch("not replaceable", GREY, "s"),
        ],
    )


def _bars(model: MeasuredModel, direction: str) -> list[Bar]:
    # In the same order in each plot.
    layers = by_share(model, model.directions[0])[:MOST_LAYERS]
    found = [_bar(model, layer, direction) for layer in layers if direction in layer.times]
    rest = model.whole[direction].rest
    if found and rest is not None:
        found.append(Bar(REST_LABEL, estimate(rest, "ratio"), None))
    return found


def _bar(model: MeasuredModel, layer: ModelLayer, direction: str) -> Bar:
    taken = layer.times[direction].share
    assert taken is not None  # the model was measured in this direction
    row = candidate(model, layer, direction)
    name = f"{layer.description.count} x {naming.in_words(model, layer.description)}"
    return Bar(words.shortened(name), taken, _then(taken, row) if row else None)


def _then(taken: Uncertain, row: Row) -> Uncertain:
    return propagated(lambda values: values[0] * values[1], [taken, estimate(row, "ratio")])


def _caption(model: MeasuredModel) -> str:
    left_out = len(model.layers) - MOST_LAYERS
    has_rest = any(whole.rest is not None for whole in model.whole.values())
    trial = bool(model.description.replaced)
    return CAPTION.format(
        model=model.name,
        size="of the trial's kernel size" if trial else "of the layer's own kernel size",
        rest=", and all that was not measured" if has_rest else "",
        left_out=f" {left_out} smaller layers are in the table alone." if left_out > 0 else "",
    )


def _panel(bars: list[Bar], direction: str, name: str, end: float) -> Panel:
    title = words.sentence_case(direction)
    return panel(
        partial(_draw, bars=bars, title=title, end=end),
        (WIDTH, FRAME + LAYER * len(bars)),
        name,
        f"{title}: share of the model's time by layer",
        "; ".join(_in_words(bar) for bar in bars) + ".",
    )


def _in_words(bar: Bar) -> str:
    then = f", with involution {_percent(bar.then)}" if bar.then else ""
    return f"{bar.name}: {_percent(bar.now)}{then}"


def _draw(axes: Axes, bars: list[Bar], title: str, end: float) -> None:
    axes.set_title(title)
    for place, bar in enumerate(bars):
        _write(axes, bar.name, 0.0, place + NAME, 12)
        _one(axes, bar.now, place + NOW, BLUE if bar.then else GREY)
        if bar.then:
            _one(axes, bar.then, place + THEN, VERMILION)
    axes.set(xlim=(0, end), ylim=(len(bars), -TOP), yticks=[])
    axes.spines["left"].set_color(MUTED)
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.3g} %"))
    axes.set_xlabel("Share of the model's time")


def _one(axes: Axes, each: Uncertain, place: float, colour: str) -> None:
    """Draw a bar and its interval, and write the number next to them."""
    axes.barh(place, each.value, height=HEIGHT, color=colour, zorder=2)
    axes.hlines(place, *each.ends, colors=INK, linewidth=1.2, zorder=3)
    _write(axes, _percent(each), _end(each), place, 11)


def _write(axes: Axes, text: str, x: float, y: float, size: float) -> None:
    axes.annotate(
        text, (x, y), (5, 0), textcoords="offset points", va="center", color=INK, size=size
    )


def _end(each: Uncertain) -> float:
    """Where a bar ends with its interval, if that is known."""
    return float(np.fmax(each.value, each.high))


def _percent(each: Uncertain) -> str:
    return f"{units.digits(100 * each.value, 2)} %"
