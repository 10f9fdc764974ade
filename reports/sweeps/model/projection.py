"""From the times of layers to that of the whole model: what involution would change, and a check.

Both sums take each layer as it was timed alone. Whether it takes the same time inside the model is
what the account and the trial show.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reports.sweeps.model.layers import (
    LayerTimes,
    MeasuredModel,
    ModelLayer,
    Row,
    estimate,
)
from reports.sweeps.model.propagation import Uncertain, propagated

# Parts that differ from the whole by more than this share need an explanation.
LARGEST_GAP = 0.1


@dataclass(frozen=True)
class Swap:
    """A layer in whose place there is involution.

    Attributes:
        layer: the layer.
        count: how many of its calls are replaced.
        row: the record of involution in its place.
    """

    layer: ModelLayer
    count: float
    row: Row


@dataclass(frozen=True)
class Projection:
    """The time of the model with involution, from the times of its layers.

    Attributes:
        swaps: the layers that are replaced.
        missing: names of layers of the trial that have no record of involution of its kernel size.
        ratio: the projected time over that of the model; None where nothing is replaced, or a
            number is missing.
    """

    swaps: Sequence[Swap]
    missing: Sequence[str]
    ratio: Uncertain | None


@dataclass(frozen=True)
class Account:
    """How far the parts of a model add up to its time.

    Attributes:
        ratio: the rest and all measured layers over the time of the model; None where the rest was
            not measured.
        missing: labels of spatial convolutions without a record.
    """

    ratio: Uncertain | None
    missing: Sequence[str]


def is_trial(model: MeasuredModel) -> bool:
    """Say whether the model itself was measured with involution.

    Args:
        model: of `layers.measured_model`.
    """
    return bool(model.description.replaced)


def projection(model: MeasuredModel, direction: str, *, is_wide: bool = False) -> Projection:
    """Project the time of the model with involution in place of some layers.

    The layers are those that a trial replaced or, before one, all of them in whose place
    involution is faster in this direction. The time is that of the model, plus for each layer its
    calls times its median times (ratio of involution - 1).

    Args:
        model: of `layers.measured_model`.
        direction: "forward" or "training".
        is_wide: before a trial, whether involution has kernel size 7 instead of the layer's own.
    """
    if is_trial(model):
        swaps, missing = _of_trial(model, direction)
    else:
        swaps, missing = _where_faster(model, direction, is_wide=is_wide), []
    whole = model.whole.get(direction)
    if whole is None or missing or not swaps:
        return Projection(swaps, missing, None)
    inputs = [estimate(whole.row, "seconds")]
    for swap in swaps:
        inputs += [
            estimate(swap.layer.times[direction].row, "seconds"),
            estimate(swap.row, "ratio"),
        ]
    counts = np.array([swap.count for swap in swaps])

    def ratio(values: Any) -> float:
        seconds, ratios = values[1::2], values[2::2]
        return float(1 + (counts * seconds * (ratios - 1)).sum() / values[0])

    return Projection(swaps, missing, propagated(ratio, inputs))


def account(model: MeasuredModel, direction: str) -> Account:
    """Add up the rest of the model and its measured layers.

    Args:
        model: of `layers.measured_model`.
        direction: "forward" or "training".
    """
    whole = model.whole.get(direction)
    known = [layer for layer in model.layers if direction in layer.times]
    missing = [layer.description.label for layer in model.layers if direction not in layer.times]
    if whole is None or whole.rest is None:
        return Account(None, missing)
    counts = np.array([layer.description.count for layer in known])
    inputs = [
        estimate(whole.rest, "ratio"),
        estimate(whole.row, "seconds"),
        *(estimate(layer.times[direction].row, "seconds") for layer in known),
    ]

    def ratio(values: Any) -> float:
        return float(values[0] + (counts * values[2:]).sum() / values[1])

    return Account(propagated(ratio, inputs), missing)


def measured(model: MeasuredModel, direction: str) -> Uncertain | None:
    """Read what the trial measured: the time with involution over that of the model.

    Args:
        model: of `layers.measured_model`.
        direction: "forward" or "training".
    """
    whole = model.whole.get(direction)
    return estimate(whole.trial, "ratio") if whole and whole.trial else None


def candidate(model: MeasuredModel, layer: ModelLayer, direction: str) -> Row | None:
    """Find the record of involution that stands for a layer: that of the trial, or its own size.

    Args:
        model: of `layers.measured_model`.
        layer: one of its layers.
        direction: "forward" or "training".
    """
    times = layer.times.get(direction)
    if times is None:
        return None
    sizes = list(_replaced(model, layer))
    return _of_size(times, sizes[0]) if sizes else times.own


def _of_trial(model: MeasuredModel, direction: str) -> tuple[list[Swap], list[str]]:
    """The layers that the trial replaced, and the names of those that have no record for it."""
    swaps, found = [], set[str]()
    for layer in model.layers:
        calls = layer.description.count / max(len(layer.description.names), 1)
        for size, names in _replaced(model, layer).items():
            times = layer.times.get(direction)
            row = _of_size(times, size) if times else None
            if row is not None:
                swaps.append(Swap(layer, calls * len(names), row))
                found.update(names)
    replaced = [each.layer for each in model.description.replaced]
    return swaps, [name for name in replaced if name not in found]


def _where_faster(model: MeasuredModel, direction: str, *, is_wide: bool) -> list[Swap]:
    swaps = []
    for layer in model.layers:
        times = layer.times.get(direction)
        row = (times.wide if is_wide else times.own) if times else None
        if row is not None and row["verdict"] == "faster":
            swaps.append(Swap(layer, layer.description.count, row))
    return swaps


def _replaced(model: MeasuredModel, layer: ModelLayer) -> dict[str, list[str]]:
    """The names that the trial replaced of the layers that are like one, by kernel size."""
    names: dict[str, list[str]] = {}
    for each in model.description.replaced:
        if each.layer in layer.description.names:
            names.setdefault(str(each.kernel_size), []).append(each.layer)
    return names


def _of_size(times: LayerTimes, size: str) -> Row | None:
    rows = [row for row in (times.own, times.wide) if row is not None]
    return next((row for row in rows if str(row["kernel_size"]) == size), None)
