"""The section of the page about a model."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from reports.drawing.figure import Figure, joined
from reports.sweeps import rounds
from reports.sweeps.competition import competing
from reports.sweeps.model import advice, findings, table
from reports.sweeps.model.bars import model_figure
from reports.sweeps.model.description import ModelDescription
from reports.sweeps.model.layers import is_about_model, measured_model
from reports.text.table import Table


@dataclass(frozen=True)
class ModelSection:
    """A section of the page: the model whose layers a run measured.

    Attributes:
        identity: unique on the page.
        title: the finding, in one sentence without a full stop.
        figure: the shares of the layers; None where they are unknown.
        advice: what to do with each layer, one sentence each.
        command: measures the model with involution; empty after a trial.
        projected: what the whole model would take, and did, in sentences.
        accounts: how far the parts add up to the whole, in sentences.
        tables: the layers that involution can replace, and the others.
        prose: the columns of the tables that are prose.
        rounds: the raw rounds of each record.
        without_rounds: how many records are not drawn.
    """

    identity: str
    title: str
    figure: Figure | None
    advice: list[str]
    command: str
    projected: list[str]
    accounts: list[str]
    tables: list[Table]
    prose: Sequence[str]
    rounds: list[rounds.CaseRounds]
    without_rounds: int


def model_section(
    identity: str, description: ModelDescription, records: pd.DataFrame
) -> ModelSection:
    """Lay out what one run says of a model.

    Args:
        identity: unique on the page; the names of figures begin with it.
        description: the model's.
        records: the run's prepared records.
    """
    model = measured_model(description, records)
    title = findings.title(model)
    own = competing(records[is_about_model(records)])
    drawn = [
        case
        for _, group in own.groupby(["sweep", "axis_value"], sort=False)
        for case in rounds.cases(group)
    ][: rounds.MOST_CASES]
    return ModelSection(
        identity=identity,
        title=title,
        figure=model_figure(model, title, joined(identity, "layers")),
        advice=advice.advice(model),
        command=advice.command(model),
        projected=advice.projected(model),
        accounts=advice.accounts(model),
        tables=[found for found in (table.replaceable(model), table.others(model)) if found.rows],
        prose=table.PROSE,
        rounds=drawn,
        without_rounds=len(rounds.own(own)) - len(drawn),
    )
