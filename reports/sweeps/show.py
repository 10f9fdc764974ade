"""Runs of the sweeps as parts of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from reports.drawing import palette
from reports.sources.kind import Part, Source, identities
from reports.sweeps.fronts import front
from reports.sweeps.load import NAME
from reports.sweeps.rounds import CAPTION
from reports.sweeps.run import SweepRun
from reports.sweeps.stages import JUDGED, PREPARED, UNMEASURED
from reports.sweeps.verdicts import SIGNS
from reports.sweeps.view import RunSection, section


@dataclass(frozen=True)
class SweepsView:
    """What the template of a run needs, and what the tables of all runs are made of.

    Attributes:
        section: the run's figures and tables.
        records: its records, the table `stages.PREPARED`.
        unmeasured: its cases without a measurement, with `series`, `colour` and `marker`.
        signs: the sign before a ratio, by verdict.
        rounds_caption: how to read the drawings of rounds.
    """

    section: RunSection
    records: pd.DataFrame
    unmeasured: pd.DataFrame
    signs: ClassVar[Mapping[str, str]] = SIGNS
    rounds_caption: ClassVar[str] = CAPTION


def show(sources: Sequence[Source]) -> list[Part]:
    """Make the parts of the page about all runs of the sweeps.

    Args:
        sources: what `load.read` returned.
    """
    if not sources:
        return []
    runs: list[SweepRun] = [source.content for source in sources]
    records, unmeasured = prepared(runs)
    return [
        _part(source, identity, records, unmeasured)
        for source, identity in zip(sources, identities(NAME, sources), strict=True)
    ]


def prepared(runs: Sequence[SweepRun]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add name, colour and marker of the series to all records, the same in all runs of a page.

    Args:
        runs: all of them, at least one.

    Returns:
        The table `stages.PREPARED`, and `stages.UNMEASURED` with the same columns added.
    """
    records = palette.prepared(JUDGED.joined(run.judged for run in runs))
    unmeasured = palette.prepared(UNMEASURED.joined(run.unmeasured for run in runs))
    return PREPARED.checked(records), UNMEASURED.checked(unmeasured)


def _part(source: Source, identity: str, records: pd.DataFrame, unmeasured: pd.DataFrame) -> Part:
    run: SweepRun = source.content
    own, missing = (table[table["file"] == run.path] for table in (records, unmeasured))
    shown = section(identity, own, missing, run.conditions, run.model)
    return Part(
        identity=identity,
        label=source.label,
        headlines=[sentence.text for sentence in shown.answer],
        warnings=list(run.warnings),
        facts=run.facts,
        view=SweepsView(shown, own, missing),
        contents=shown.contents,
        front=front(run, own, identity),
    )
