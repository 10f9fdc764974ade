"""The layers of a model as a table: what each takes, and what involution would change."""

from collections.abc import Iterator

import pandas as pd

from reports.sweeps.model.layers import LayerTimes, MeasuredModel, ModelLayer, Row
from reports.sweeps.model.propagation import Estimate
from reports.sweeps.model_description import LayerDescription
from reports.sweeps.verdicts import SIGNS
from reports.text import units
from reports.text.table import Table

NOTE = "Why not"
CAPTION = (
    "Share: calls x the layer's median / the model's median. Ratio: time with involution / time of "
    "the layer, with 95 % interval. Peak memory: that of involution / that of the layer, forward "
    "above training. Parameters: of one layer, before and after. Convolutions that were not "
    "measured have one row for each reason."
)


def layers_table(model: MeasuredModel) -> Table:
    """Lay out one row per distinct spatial convolution, then one per reason against the others.

    Args:
        model: of `layers.measured_model`.

    Returns:
        A table whose last column is prose; a column of which nothing is known is left out, and
        that of kinds if there is only one.
    """
    rows = [*(_of_layer(layer) for layer in model.layers), *_of_others(model.others)]
    names = ["Layer", "Kind", "Calls", *_measured(model), "Parameters", NOTE]
    heads = [name for name in names if any(name in row for row in rows)]
    if len({row["Kind"] for row in rows}) == 1:
        heads.remove("Kind")
    empty = {NOTE: ""}
    cells = [[row.get(name, empty.get(name, units.UNKNOWN)) for name in heads] for row in rows]
    return Table(CAPTION, heads, cells)


def _measured(model: MeasuredModel) -> list[str]:
    of_directions = ("Share", "Ratio", "Ratio, kernel 7")
    columns = [f"{name}, {direction}" for name in of_directions for direction in model.directions]
    return [*columns, "Peak memory"]


def _of_layer(layer: ModelLayer) -> dict[str, str]:
    described = layer.description
    row = {"Layer": described.label, "Kind": described.kind, "Calls": str(described.count)}
    for direction, times in layer.times.items():
        row |= _timed(times, direction)
    memory = [_memory(times.own or times.wide) for times in layer.times.values()]
    if any(memory):
        row["Peak memory"] = "\n".join(each or units.UNKNOWN for each in memory)
    if parameters := _parameters(layer):
        row["Parameters"] = parameters
    if note := _note(described) if layer.times else "not measured":
        row[NOTE] = note
    return row


def _timed(times: LayerTimes, direction: str) -> dict[str, str]:
    found = {
        "Share": _share(times.share),
        "Ratio": _ratio(times.own),
        "Ratio, kernel 7": _ratio(times.wide),
    }
    return {f"{name}, {direction}": text for name, text in found.items() if text}


def _share(estimate: Estimate | None) -> str:
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


def _note(described: LayerDescription) -> str:
    together = f"together could take its place: {described.instead}" if described.instead else ""
    return "; ".join(filter(None, (described.reason, together)))


def _of_others(others: list[LayerDescription]) -> Iterator[dict[str, str]]:
    """One row for each reason: how many layers, how often they are called, their parameters."""
    by_reason: dict[tuple[str, str], list[LayerDescription]] = {}
    for each in others:
        by_reason.setdefault((each.kind, _note(each)), []).append(each)
    for (kind, note), group in by_reason.items():
        count = sum(len(each.names) for each in group)
        known = [each.parameters for each in group]
        row = {
            "Layer": units.counted(count, "other layer"),
            "Kind": kind,
            "Calls": str(sum(each.count for each in group)),
        }
        if all(each is not None for each in known):
            total = sum((each.parameters or 0) * len(each.names) for each in group)
            row["Parameters"] = f"{total:,}\nin all"
        yield row | ({NOTE: note} if note else {})
