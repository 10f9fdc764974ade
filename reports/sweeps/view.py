"""One run of the sweeps as the page shows it: its answer, figures and tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports.drawing import palette as looks
from reports.sweeps import figures, findings, rounds, scaling, tables
from reports.sweeps.run import SweepRun
from reports.sweeps.tables import Table
from reports.text import units, words

# The sign before a ratio in a table, so that colour is not needed to read the verdict.
SIGNS = {"faster": "▼", "slower": "▲", "equivalent": "=", "undecided": "?"}

# More lines than this are no figure, and matplotlib takes seconds for each that shows them.
MOST_SERIES = 10


@dataclass(frozen=True)
class Sweep:
    """A section of the page: one sweep of one run."""

    identity: str
    name: str
    title: str
    headline: str
    undrawn: int
    pictures: list[looks.Picture]
    table: Table
    growth: Table | None
    rounds: list[rounds.Case]
    without_rounds: int


@dataclass(frozen=True)
class Section:
    """One run: its sweeps and, if any work was compared, an overview."""

    identity: str
    label: str
    run: SweepRun
    undrawn: int
    facts: list[tuple[str, str]]
    sweeps: list[Sweep]
    overview: looks.Picture | None
    roofline: looks.Picture | None
    answer: list[findings.Sentence]

    @property
    def pictures(self) -> list[looks.Picture]:
        """All figures, in the order of the page."""
        of_sweeps = [picture for sweep in self.sweeps for picture in sweep.pictures]
        return [picture for picture in (self.overview, self.roofline) if picture] + of_sweeps

    def anchor(self, sentence: findings.Sentence) -> str:
        """Find the part of the page that shows what a sentence says."""
        found = [sweep.identity for sweep in self.sweeps if sweep.name == sentence.sweep]
        return found[0] if found else self.identity


def section(
    run: SweepRun, identity: str, judged: pd.DataFrame, unmeasured: pd.DataFrame
) -> Section:
    """Lay out all that one file says; runs are never mixed: they may come from two machines.

    Args:
        run: the file.
        identity: unique on the page; all ids in the section begin with it.
        judged: a page's prepared records.
        unmeasured: its prepared cases without a measurement.
    """
    records = judged[judged["file"] == run.path]
    missing = unmeasured[unmeasured["file"] == run.path]
    # A model is no rival of an operator.
    operators = records[~records["sweep"].isin(_of_models(records))]
    drawn = _drawn(operators)
    return Section(
        identity=identity,
        label=run.label,
        run=run,
        facts=run.facts,
        sweeps=[
            _sweep(f"{identity}-{number}", name, group, missing[missing["sweep"] == name])
            for number, (_, name, group) in enumerate(tables.sweeps(records), start=1)
        ],
        overview=figures.overview_picture(
            drawn, findings.overview_title(operators), f"{identity}-overview"
        ),
        roofline=figures.roofline_picture(drawn, run.conditions, f"{identity}-roofline"),
        undrawn=operators["series"].nunique() - drawn["series"].nunique(),
        answer=findings.answer(records) if len(records) else [],
    )


def _of_models(records: pd.DataFrame) -> list[str]:
    """Name the sweeps whose baseline is a whole model."""
    return [
        name
        for _, name, group in tables.sweeps(records)
        if tables.baseline_name(group) != tables.DENSE
    ]


def _drawn(records: pd.DataFrame) -> pd.DataFrame:
    """Keep as many series as a figure can show, in the order of the file."""
    return records[records["series"].isin(records["series"].unique()[:MOST_SERIES])]


def _sweep(identity: str, name: str, records: pd.DataFrame, missing: pd.DataFrame) -> Sweep:
    drawn = _drawn(records)
    missing = (
        missing[missing["series"].isin(drawn["series"])] if len(drawn) < len(records) else missing
    )
    return Sweep(
        identity=identity,
        name=name,
        title=words.sweep_title(name),
        headline=findings.headline(records),
        undrawn=records["series"].nunique() - drawn["series"].nunique(),
        pictures=_pictures(identity, drawn, missing),
        table=_ratios(records),
        growth=_growth(drawn),
        rounds=rounds.cases(drawn),
        without_rounds=len(records) - min(len(drawn), rounds.MOST_CASES),
    )


def _pictures(identity: str, drawn: pd.DataFrame, missing: pd.DataFrame) -> list[looks.Picture]:
    map_of_ratios = figures.grid_picture(drawn, f"{identity}-ratio")
    if map_of_ratios:
        return [map_of_ratios]
    ratios, costs = findings.ratio_title(drawn), findings.cost_title(drawn)
    front = figures.front_picture(drawn, f"{identity}-front")
    return [
        figures.ratio_picture(drawn, missing, ratios, f"{identity}-ratio"),
        figures.cost_picture(drawn, costs, f"{identity}-cost"),
        *([front] if front else []),
    ]


def _growth(records: pd.DataFrame) -> Table | None:
    """How time and memory grow along the axis, beside what the formulas predict."""
    laws = scaling.laws(records)
    if laws.empty:
        return None
    noun = words.axis(str(records["axis"].iloc[0])).noun
    return Table(
        caption=f"Growth with {noun}: the power of it that time and peak memory follow from one "
        "end of the sweep to the other, with 95 % interval, beside that of MACs and of bytes that "
        "must be moved; and where the ratio passes 1 for the last time, with the stretch in which "
        "its interval holds 1.",
        head=["Operator", "Direction", "Time", "MACs", "Peak memory", "Bytes", "Passes 1 at"],
        rows=[
            [
                row["series"],
                row["direction"],
                *(
                    _exponent(row[column], with_interval=column in scaling.MEASURED)
                    for pair in scaling.MEASURED.items()
                    for column in pair
                ),
                _crossing(row["crossing"]),
            ]
            for row in tables.rows(laws)
        ],
    )


def _exponent(exponent: scaling.Exponent | None, with_interval: bool) -> str:
    if exponent is None:
        return units.UNKNOWN
    # Rounding may leave a zero with a sign.
    value, low, high = (
        round(end, 2) + 0.0 for end in (exponent.value, exponent.low, exponent.high)
    )
    return f"{value:.2f}" + (f"\n{low:.2f} to {high:.2f}" if with_interval else "")


def _crossing(crossing: scaling.Crossing | None) -> str:
    if crossing is None:
        return "never"
    span = f"{units.digits(crossing.low)} to {units.digits(crossing.high)}"
    return f"{units.digits(crossing.value)}, then {crossing.becomes}\n{span}"


def _ratios(records: pd.DataFrame) -> Table:
    """The ratio table with signs and intervals in each cell."""
    cells = records.assign(cell=[_ratio_cell(row) for row in tables.rows(records)])
    table = tables.ratio_table(cells, "cell")
    axis = words.axis(str(records["axis"].iloc[0]))
    return Table(
        caption=f"Time / time of {tables.baseline_name(records)} by {axis.noun}, "
        "with 95 % interval. "
        f"{tables.floor_in_words(records)}",
        head=["Operator", "Direction", *map(words.value, table.columns)],
        rows=[
            [*index, *(value if isinstance(value, str) else units.UNKNOWN for value in row)]
            for index, row in zip(table.index, table.to_numpy(), strict=True)
        ],
    )


def _ratio_cell(row: Mapping[str, Any]) -> str:
    interval = _interval(row, "ratio") if pd.notna(row["ratio_low"]) else "unknown"
    return f"{SIGNS[row['verdict']]} {units.ratio(row['ratio'])}\n{interval}"


def _interval(row: Mapping[str, Any], column: str) -> str:
    return units.bracket(row[f"{column}_low"], row[f"{column}_high"])
