"""What the page of a run begins with."""

import pandas as pd

from reports.drawing.figure import joined
from reports.drawing.front import Front
from reports.sweeps.competition import competing
from reports.sweeps.figures.hero import hero_figure
from reports.sweeps.leading import finding
from reports.sweeps.model.bars import model_figure
from reports.sweeps.model.layers import measured_model
from reports.sweeps.run import SweepRun
from reports.sweeps.telling import told_of
from reports.text import machine


def front(run: SweepRun, records: pd.DataFrame, identity: str) -> Front:
    """Choose among the fronts that a run can have the one that says most.

    Args:
        run: the run.
        records: its prepared records.
        identity: unique on the page.
    """
    title, lines = finding(records, run.model)
    name = joined(identity, "front")
    if run.model is not None:
        of_model = model_figure(measured_model(run.model, records), title, name)
        return Front(title, _facts(run, run.model.case), lines, of_model)
    told = told_of(competing(records))
    return Front(
        title,
        _facts(run, told.case if told else ""),
        lines,
        hero_figure(told, title, name) if told else None,
    )


def _facts(run: SweepRun, case: str) -> list[str]:
    """Name machine, software, case and day, as far as they are known."""
    stated = dict(run.facts)["TensorFlow"]
    facts = [
        machine.hardware(run.machine_info),
        "" if stated == machine.NOT_STATED else f"TensorFlow {stated}",
        case,
        run.datetime[:10],
    ]
    return [fact for fact in facts if fact and fact != machine.NOT_STATED]
