"""The layers of a model as a table: what each takes, and what involution would change."""

from collections.abc import Sequence

import pandas as pd

from reports.sweeps.model import naming
from reports.sweeps.model.description import LayerDescription
from reports.sweeps.model.layers import LayerTimes, MeasuredModel, ModelLayer, Row
from reports.sweeps.model.propagation import Uncertain
from reports.sweeps.verdicts import SIGNS
from reports.text import units
from reports.text.table import Table

# The columns that are prose.
PROSE = ("Why", "Together could take its place")
REPLACEABLE = (
    "Layers that involution can replace. Share: calls x the layer's median / the model's median. "
    "Ratio: time with involution / time of the layer, with 95 % interval. Peak memory: that of "
    "involution / that of the layer, forward above training. Parameters: trainable ones of one "
    "layer, before and after."
)
OTHERS = (
    "Convolutions that involution cannot replace. Those that were not measured have one row for "
    "each reason, with their parameters together."
)
Rows = list[dict[str, str]]


def replaceable(model: MeasuredModel) -> Table:
    """Lay out one row per distinct layer that involution can replace.

    Args:
        model: of `layers.measured_model`.

    Returns:
        A table with the columns of which something is known; that of kinds if there are several.
    """
    rows = [_of_layer(model, layer) for layer in model.layers if _is_replaceable(layer)]
    names = ("Share", "Ratio", "Ratio, kernel 7")
    return _table(REPLACEABLE, model, names, rows)


def others(model: MeasuredModel) -> Table:
    """Lay out the convolutions that involution cannot replace, with the reason.

    Args:
        model: of `layers.measured_model`.

    Returns:
        A table with the columns of which something is known; its last ones are `PROSE`.
    """
    rows = [_of_layer(model, layer) for layer in model.layers if not _is_replaceable(layer)]
    return _table(OTHERS, model, ("Share",), [*rows, *_of_others(model.others)])


def _table(caption: str, model: MeasuredModel, names: Sequence[str], rows: Rows) -> Table:
    measured = [f"{name}, {direction}" for name in names for direction in model.directions]
    columns = ["Layer", "Size", "Kind", "Calls", *measured, "Peak memory", "Parameters", *PROSE]
    heads = [name for name in columns if any(name in row for row in rows)]
    if len({row["Kind"] for row in rows}) == 1:
        heads.remove("Kind")
    missing = {name: "" if name in PROSE else units.UNKNOWN for name in heads}
    return Table(caption, heads, [[(missing | row)[name] for name in heads] for row in rows])


def _is_replaceable(layer: ModelLayer) -> bool:
    return layer.description.reason is None


def _of_layer(model: MeasuredModel, layer: ModelLayer) -> dict[str, str]:
    described = layer.description
    row = {
        "Layer": naming.in_words(model, described),
        "Size": described.label,
        "Kind": described.kind,
        "Calls": str(described.count),
    }
    for direction, times in layer.times.items():
        row |= _timed(times, direction)
    memory = [_memory(times.own or times.wide) for times in layer.times.values()]
    if any(memory):
        row["Peak memory"] = "\n".join(each or units.UNKNOWN for each in memory)
    if parameters := _parameters(layer):
        row["Parameters"] = parameters
    return row | _why(described)


def _timed(times: LayerTimes, direction: str) -> dict[str, str]:
    found = {
        "Share": _share(times.share),
        "Ratio": _ratio(times.own),
        "Ratio, kernel 7": _ratio(times.wide),
    }
    return {f"{name}, {direction}": text for name, text in found.items() if text}


def _share(estimate: Uncertain | None) -> str:
    if estimate is None:
        return ""
    low, high = (units.digits(100 * end) for end in estimate.ends)
    return f"{units.digits(100 * estimate.value, 2)} %\n{low} to {high}"


def _ratio(row: Row | None) -> str:
    if row is None:
        return ""
    interval = units.bracket(row["ratio_low"], row["ratio_high"])
    return f"{SIGNS[row['verdict']]} {units.ratio(row['ratio'])}\n{interval}"


def _memory(row: Row | None) -> str:
    return units.ratio(row["memory_ratio"]) if row and pd.notna(row["memory_ratio"]) else ""


def _parameters(layer: ModelLayer) -> str:
    """The parameters of the layer and of what stands in its place."""
    rows = [row for times in layer.times.values() if (row := times.own or times.wide)]
    after = [row["parameters"] for row in rows if pd.notna(row["parameters"])]
    before = layer.description.parameters
    if before is None:
        return ""
    return f"{before:,}" + (f"\nto {int(after[0]):,}" if after else "")


def _why(described: LayerDescription) -> dict[str, str]:
    texts = zip(PROSE, (described.reason, described.instead), strict=True)
    return {name: text for name, text in texts if text}


def _of_others(layers: Sequence[LayerDescription]) -> Rows:
    """One row for each reason: how many layers, how often they are called, their parameters."""
    groups: dict[str, list[LayerDescription]] = {}
    for layer in layers:
        groups.setdefault(str((layer.kind, *_why(layer).values())), []).append(layer)
    return [_together(group) for group in groups.values()]


def _together(group: Sequence[LayerDescription]) -> dict[str, str]:
    row = {
        "Layer": units.counted(sum(len(layer.names) for layer in group), "layer"),
        "Kind": group[0].kind,
        "Calls": str(sum(layer.count for layer in group)),
    }
    known = [layer.parameters * len(layer.names) for layer in group if layer.parameters is not None]
    if len(known) == len(group):
        row["Parameters"] = f"{sum(known):,}"
    return row | _why(group[0])
