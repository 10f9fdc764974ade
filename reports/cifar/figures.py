"""The figures of a study, from its saved arrays."""

import math
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from reports.cifar.load import Study
from reports.cifar.record import Metric, TrainingRun
from reports.cifar.statistics import Summary
from reports.drawing import scales
from reports.drawing.figure import Figure, Swatch
from reports.drawing.panel import panel
from reports.drawing.theme import INK, SURFACE
from reports.text import units

SIZE = (460.0, 315.0)
# Metric and label of each plot of curves.
CURVES: tuple[tuple[Metric, str], ...] = (
    ("val_accuracy", "Test accuracy"),
    ("accuracy", "Training accuracy"),
    ("val_loss", "Test loss"),
    ("loss", "Training loss"),
)
CURVES_CAPTION = (
    "Lines are means over seeds, bands reach from the lowest seed to the highest. Loss is "
    "cross-entropy. Training metrics are means over the epoch, as Keras reports them."
)
PARAMETERS_CAPTION = (
    "Faint points are single seeds, solid points their means after the last epoch, vertical bars "
    "the 95 % intervals of the means."
)
TIME_CAPTION = (
    "Faint points are single epochs of all seeds, vertical bars their medians. Validation, and "
    "epochs with compilation in them, are not counted. Runs are trained one after another and not "
    "interleaved, so that the times include whatever else the machine did."
)
MAPS_CAPTION = (
    "Top row: the first test images. Below: the sum of the kernel at each position, over its taps "
    "and groups, one row per involution layer. Dark is low and yellow high; each row has its own "
    "scale, given in brackets."
)
# Pixels between tiles, of a tile, and above a row of tiles for its words.
GAP, TILE, ROOM = 5, 46, 24


def sample_picture(study: Study, name: str) -> Figure | None:
    """Draw 25 training images with their classes.

    Args:
        study: what was read.
        name: unique on the page.

    Returns:
        The figure; None if the images were not kept.
    """
    if study.sample is None:
        return None
    images, labels = study.sample
    names = [_class_name(study, int(label)) for label in labels]
    title = f"The first {units.counted(len(images), 'training image')}"

    def draw(axes: Axes) -> None:
        columns, step = 5, 72
        axes.set_axis_off()
        for place, (image, text) in enumerate(zip(images, names, strict=True)):
            left, top = place % columns * step, place // columns * (step + 14)
            _tile(axes, image, left, top, step - 10)
            axes.text(
                left + (step - 10) / 2, top + step - 8, text[:12], size=9, ha="center", va="top"
            )
        rows = -(-len(images) // columns)
        axes.set(xlim=(0, columns * step), ylim=(rows * (step + 14), 0), aspect="equal")

    plot = panel(draw, (380.0, 450.0), name, title, f"Classes, row by row: {', '.join(names)}.")
    return Figure(
        name, title, f"Read from {study.record.data.source or 'an unknown source'}.", [plot]
    )


def curves_picture(
    found: Sequence[Summary], looks: Mapping[str, Swatch], title: str, name: str
) -> Figure:
    """Draw accuracy and loss by epoch, with the spread over seeds.

    Args:
        found: of `statistics.summaries`, at least one.
        looks: of `palette.swatches`.
        title: the finding.
        name: unique on the page.
    """
    return Figure(
        name,
        title,
        CURVES_CAPTION,
        [
            panel(
                partial(_draw_curves, found=found, looks=looks, metric=metric, label=label),
                SIZE,
                f"{name}-{metric.replace('_', '-')}",
                f"{label} by epoch",
                _ends_in_words(found, metric),
            )
            for metric, label in CURVES
        ],
        legend=list(looks.values()),
    )


def parameters_picture(
    found: Sequence[Summary], looks: Mapping[str, Swatch], title: str, name: str
) -> Figure:
    """Draw test accuracy against the number of parameters.

    Args:
        found: of `statistics.summaries`, at least one.
        looks: of `palette.swatches`.
        title: the finding.
        name: unique on the page.
    """
    text = "; ".join(
        f"{s.model}: {s.parameters:,} parameters, accuracy {s.accuracy.mean:.3f}" for s in found
    )
    draw = partial(_draw_parameters, found=found, looks=looks)
    plot = panel(draw, SIZE, name, "Test accuracy by number of parameters", f"{text}.")
    return Figure(name, title, PARAMETERS_CAPTION, [plot], legend=list(looks.values()))


def time_picture(
    found: Sequence[Summary], looks: Mapping[str, Swatch], title: str, name: str
) -> Figure | None:
    """Draw the time of every epoch.

    Args:
        found: of `statistics.summaries`, at least one.
        looks: of `palette.swatches`.
        title: the finding.
        name: unique on the page.

    Returns:
        The figure; None if every epoch had compilation in it.
    """
    timed = [summary for summary in found if math.isfinite(summary.seconds)]
    if not timed:
        return None
    text = "; ".join(f"{s.model}: {units.quantity(s.seconds, units.SECONDS)}" for s in timed)
    size = (SIZE[0], 90.0 + 46.0 * len(timed))
    draw = partial(_draw_times, found=timed, looks=looks)
    plot = panel(draw, size, name, "Median time per epoch", f"{text}.")
    return Figure(name, title, TIME_CAPTION, [plot])


def maps_picture(study: Study, run: TrainingRun, name: str) -> Figure | None:
    """Draw test images above the kernel maps of each involution layer of one run.

    Args:
        study: what was read.
        run: one of its runs.
        name: unique on the page.

    Returns:
        The figure; None if the run has no involution layers or the images were not kept.
    """
    maps = study.kernel_maps.get((run.model, run.seed))
    if not maps or study.tested is None:
        return None
    images, labels = study.tested
    count = min(len(images), *(len(values) for values in maps.values()))
    rows = len(maps) + 1
    title = f"Kernel maps of {run.model}, seed {run.seed}"

    def draw(axes: Axes) -> None:
        axes.set_axis_off()
        for place in range(count):
            _tile(axes, images[place], place * (TILE + GAP), 0, TILE)
        for row, (layer, values) in enumerate(maps.items(), start=1):
            _draw_row(axes, layer, values[:count], row * (TILE + ROOM))
        axes.set(xlim=(0, count * (TILE + GAP)), ylim=(rows * (TILE + ROOM), -2), aspect="equal")

    names = ", ".join(_class_name(study, int(label)) for label in labels[:count])
    size = (count * (TILE + GAP) + 20.0, rows * (TILE + ROOM) + 20.0)
    ranges = "; ".join(_range(layer, values) for layer, values in maps.items())
    plot = panel(draw, size, name, title, f"Images: {names}. Layers: {ranges}.")
    return Figure(name, title, MAPS_CAPTION, [plot])


def _draw_curves(
    axes: Axes, found: Sequence[Summary], looks: Mapping[str, Swatch], metric: Metric, label: str
) -> None:
    axes.set_title(label)
    highest = 0.0
    for summary in found:
        # Seeds trained for more epochs than others have no spread there.
        length = min(run.epochs for run in summary.runs)
        values = np.stack([run.metric(metric)[:length] for run in summary.runs])
        epochs = np.arange(1, length + 1)
        look = looks[summary.model]
        axes.fill_between(
            epochs, values.min(axis=0), values.max(axis=0), color=look.colour, alpha=0.22, lw=0
        )
        axes.plot(
            epochs,
            values.mean(axis=0),
            color=look.colour,
            marker=look.marker,
            markevery=max(length // 5, 1),
            markeredgecolor=SURFACE,
            markersize=6.0,
            linewidth=1.8,
        )
        # An outlier in the first epochs must not flatten the rest of the curve.
        highest = max(highest, float(np.quantile(values, 0.98)))
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.set_ylim(0, min(highest * 1.08, 1.0) if "accuracy" in metric else highest * 1.08)
    axes.set(xlabel="Epoch", ylabel=label)


def _draw_parameters(axes: Axes, found: Sequence[Summary], looks: Mapping[str, Swatch]) -> None:
    ends = scales.span([summary.parameters for summary in found])
    write = partial(units.tick, units=units.COUNTS)
    scales.apply_log(axes, (ends[0] / 1.3, ends[1] * 1.3), write, vertical=False)
    for summary in found:
        look, x = looks[summary.model], summary.parameters
        values = summary.accuracy.values
        axes.plot([x] * len(values), values, look.marker, color=look.colour, alpha=0.35, mew=0)
        if math.isfinite(summary.accuracy.low):
            axes.vlines(x, summary.accuracy.low, summary.accuracy.high, color=look.colour, lw=1.6)
        axes.plot(
            *(x, summary.accuracy.mean, look.marker),
            color=look.colour,
            markersize=8.5,
            markeredgecolor=SURFACE,
        )
    low, high = axes.get_ylim()
    axes.set_ylim(max(low, 0.0), min(high, 1.0))
    axes.set(xlabel="Parameters", ylabel="Test accuracy")


def _draw_times(axes: Axes, found: Sequence[Summary], looks: Mapping[str, Swatch]) -> None:
    random = np.random.default_rng(0)  # a fixed seed: the same file always gives the same page
    for row, summary in enumerate(found):
        look, times = looks[summary.model], summary.epoch_seconds
        heights = row + random.uniform(-0.2, 0.2, len(times))
        axes.plot(times, heights, look.marker, color=look.colour, alpha=0.35, mew=0, markersize=5)
        axes.vlines(summary.seconds, row - 0.33, row + 0.33, color=look.colour, linewidth=2.4)
        axes.annotate(
            units.quantity(summary.seconds, units.SECONDS),
            (summary.seconds, row - 0.36),
            ha="center",
            va="bottom",
            color=INK,
        )
    axes.set_yticks(range(len(found)), [summary.model for summary in found])
    axes.set(xlabel="Seconds per epoch of training", ylim=(len(found) - 0.4, -0.8))
    axes.set_xlim(left=0)
    axes.grid(visible=False, axis="y")


def _draw_row(axes: Axes, layer: str, values: NDArray[np.floating], top: float) -> None:
    """One layer's maps, coloured on one scale."""
    colours = ScalarMappable(cmap="viridis")
    finite = values[np.isfinite(values)]
    colours.set_clim(*((finite.min(), finite.max()) if finite.size else (0, 1)))
    axes.text(0, top - 2, _range(layer, values), size=11, va="bottom")
    for place, one in enumerate(values):
        tile = colours.to_rgba(one, bytes=True)[..., :3]
        _tile(axes, tile, place * (TILE + GAP), top, TILE)


def _tile(axes: Axes, image: NDArray[np.uint8], left: float, top: float, size: float) -> None:
    shown = image[..., 0] if image.shape[-1] == 1 else image
    axes.imshow(
        shown, extent=(left, left + size, top + size, top), interpolation="none", cmap="gray"
    )


def _range(layer: str, values: NDArray[np.floating]) -> str:
    finite = values[np.isfinite(values)]
    if not finite.size:
        return f"{layer} (no finite value)"
    return f"{layer} ({units.digits(float(finite.min()))} to {units.digits(float(finite.max()))})"


def _ends_in_words(found: Sequence[Summary], metric: Metric) -> str:
    parts = []
    for summary in found:
        last = [float(run.metric(metric)[-1]) for run in summary.runs]
        parts.append(f"{summary.model} ends at {min(last):.3f} to {max(last):.3f}")
    return "; ".join(parts) + "."


def _class_name(study: Study, label: int) -> str:
    classes = study.record.data.classes or []
    return classes[label] if 0 <= label < len(classes) else str(label)
