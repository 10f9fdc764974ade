"""What the page of a run begins with."""

import pandas as pd

from reports.drawing.figure import joined
from reports.drawing.front import Front
from reports.sweeps.competition import competing
from reports.sweeps.figures.hero import hero_figure
from reports.sweeps.lines import lines
from reports.sweeps.opening import title
from reports.sweeps.run import SweepRun
from reports.sweeps.telling import Telling, told_of
from reports.text import machine


def front(run: SweepRun, records: pd.DataFrame, identity: str) -> Front:
    """Choose among the fronts that a run can have the one that says most.

    Args:
        run: the run.
        records: its prepared records.
        identity: unique on the page.
    """
    told = told_of(competing(records))
    finding = title(records)
    return Front(
        title=finding,
        facts=_facts(run, told),
        lines=lines(records),
        figure=hero_figure(told, finding, joined(identity, "front")) if told else None,
    )


def _facts(run: SweepRun, told: Telling | None) -> list[str]:
    """Name machine, software, case and day, as far as they are known."""
    stated = dict(run.facts)["TensorFlow"]
    facts = [
        machine.hardware(run.machine_info),
        "" if stated == machine.NOT_STATED else f"TensorFlow {stated}",
        told.case if told else "",
        run.datetime[:10],
    ]
    return [fact for fact in facts if fact and fact != machine.NOT_STATED]
