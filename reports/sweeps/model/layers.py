"""Records of a model and its layers, put together: what each layer takes, and involution there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports.sweeps.analysis import directions, of_direction
from reports.sweeps.model.description import (
    LAYERS,
    REST,
    WHOLE,
    LayerDescription,
    ModelDescription,
)
from reports.sweeps.model.propagation import Uncertain, propagated
from reports.text import words

# The end of an implementation's name where its windows are wider than the layer's.
WIDE = "-7x7"
# A judged record.
Row = Mapping[str, Any]


@dataclass(frozen=True)
class LayerTimes:
    """A layer in one direction.

    Attributes:
        row: the layer's own record.
        own: the record of involution with the layer's kernel size; None where there is none.
        wide: that of involution with kernel size 7.
        share: what all calls of the layer take, over the time of the model; None where the model
            itself was not measured.
    """

    row: Row
    own: Row | None
    wide: Row | None
    share: Uncertain | None


@dataclass(frozen=True)
class ModelLayer:
    """A distinct layer of the model, with its times by direction; none where it has no record."""

    description: LayerDescription
    times: Mapping[str, LayerTimes]


@dataclass(frozen=True)
class WholeModel:
    """The whole model in one direction.

    Attributes:
        row: the record of the model as it is.
        rest: that of the model without its measured layers; None where there is none.
        trial: that of the model with involution; None before a trial.
    """

    row: Row
    rest: Row | None
    trial: Row | None


@dataclass(frozen=True)
class MeasuredModel:
    """A model as one run measured it.

    Attributes:
        description: what the results file says of it.
        layers: its spatial convolutions, in order of their first call.
        others: its other convolutions.
        whole: the whole model, by direction; empty where it was not measured.
    """

    description: ModelDescription
    layers: Sequence[ModelLayer]
    others: list[LayerDescription]
    whole: Mapping[str, WholeModel]

    @property
    def directions(self) -> Sequence[str]:
        """The directions that were measured, forward first."""
        found = [*self.whole, *(name for layer in self.layers for name in layer.times)]
        return sorted(set(found))

    @property
    def name(self) -> str:
        """The model's name, short enough for a title."""
        return words.shortened(self.description.name)

    @property
    def calls(self) -> int:
        """How often a forward pass calls its spatial convolutions."""
        return sum(layer.description.count for layer in self.layers)


def is_about_model(records: pd.DataFrame) -> pd.Series:
    """Say which records are those of a model's layers, or of the whole of it.

    Args:
        records: any records.
    """
    return records["sweep"].isin([LAYERS, WHOLE])


def measured_model(description: ModelDescription, judged: pd.DataFrame) -> MeasuredModel:
    """Put the records of a model together.

    Args:
        description: the model's.
        judged: the judged records of its run.
    """
    records = judged[~judged["is_twin"]]
    whole = _whole(records[records["sweep"] == WHOLE])
    of_layers = records[records["sweep"] == LAYERS]
    return MeasuredModel(
        description,
        [
            ModelLayer(each, _times(each, of_layers, whole))
            for each in description.layers
            if each.is_measured
        ],
        [each for each in description.layers if not each.is_measured],
        whole,
    )


def estimate(row: Row, name: str) -> Uncertain:
    """Read a number of a record with its interval.

    Args:
        row: a judged record.
        name: "ratio", to its baseline, or "seconds", the time of a call.
    """
    value = row["median_seconds" if name == "seconds" else name]
    return Uncertain(float(value), float(row[f"{name}_low"]), float(row[f"{name}_high"]))


def _whole(records: pd.DataFrame) -> dict[str, WholeModel]:
    found = {}
    for direction in directions(records):
        chosen = of_direction(records, direction)
        row = _first(chosen[chosen["is_baseline"]])
        if row is not None:
            rest, trial = (
                _first(chosen[chosen["operator"] == operator]) for operator in (REST, words.SUBJECT)
            )
            found[direction] = WholeModel(row, rest, trial)
    return found


def _times(
    layer: LayerDescription, records: pd.DataFrame, whole: Mapping[str, WholeModel]
) -> dict[str, LayerTimes]:
    own = records[records["axis_value"] == layer.label]
    found = {}
    for direction in directions(own):
        chosen = of_direction(own, direction)
        row = _first(chosen[chosen["is_baseline"]])
        if row is not None:
            candidates = chosen[chosen["operator"] == words.SUBJECT]
            is_wide = candidates["implementation"].str.endswith(WIDE)
            found[direction] = LayerTimes(
                row,
                _preferred(candidates[~is_wide]),
                _preferred(candidates[is_wide]),
                _share(layer, row, whole.get(direction)),
            )
    return found


def _first(records: pd.DataFrame) -> Row | None:
    return dict(records.iloc[0]) if len(records) else None


def _preferred(records: pd.DataFrame) -> Row | None:
    """The record of the implementation that the report is about, where several were measured."""
    order = [implementation for _, implementation in words.SUBJECTS]
    names = records["implementation"].str.removesuffix(WIDE)
    ranks = names.map(lambda name: order.index(name) if name in order else len(order))
    return _first(records.loc[ranks.sort_values(kind="stable").index])


def _share(layer: LayerDescription, row: Row, whole: WholeModel | None) -> Uncertain | None:
    if whole is None:
        return None
    times = [estimate(row, "seconds"), estimate(whole.row, "seconds")]
    return propagated(lambda values: layer.count * values[0] / values[1], times)
