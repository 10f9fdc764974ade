"""One run of the sweeps as the page shows it: its answer, figures and tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports.drawing.figure import Figure, joined
from reports.sweeps import coverage, endings, findings, overhead, rounds, scaling, tables, titles
from reports.sweeps.competition import competing
from reports.sweeps.figures.front import front_figure
from reports.sweeps.figures.grid import grid_figure
from reports.sweeps.figures.overview import overview_figure
from reports.sweeps.figures.roofline import roofline_figure
from reports.sweeps.figures.sweep import cost_figure, ratio_figure
from reports.sweeps.model.description import LAYERS, WHOLE, ModelDescription
from reports.sweeps.model.findings import HEADING
from reports.sweeps.model.layers import is_about_model
from reports.sweeps.model.view import ModelSection, model_section
from reports.sweeps.verdicts import SIGNS
from reports.text import units, words
from reports.text.table import Table

GROWTH_CAPTION = (
    "Growth with {noun}: the exponent of the power law that time and peak memory follow from one "
    "end of the sweep to the other, with its 95 % interval, next to the exponents of MACs and of "
    "bytes that must be moved. The last column says between which two measured values the median "
    "ratio passes 1 for the last time, and below it where its 95 % intervals do."
)
# A figure with more lines than this cannot be read.
MOST_SERIES = 10


@dataclass(frozen=True)
class SweepSection:
    """A section of the page: one sweep of one run.

    Attributes:
        identity: unique on the page.
        name: the sweep's.
        is_of_models: whether it compares whole models.
        title: the heading.
        headline: the finding, in one sentence.
        undrawn: how many series are in the table alone.
        figures: what is drawn, in order.
        table: the ratios.
        growth: the exponents of time and memory; None where the axis has no numbers.
        rounds: the raw rounds of each case that is drawn.
        without_rounds: how many cases are not.
    """

    identity: str
    name: str
    is_of_models: bool
    title: str
    headline: str
    undrawn: int
    figures: list[Figure]
    table: Table
    growth: Table | None
    rounds: list[rounds.CaseRounds]
    without_rounds: int


@dataclass(frozen=True)
class RunSection:
    """A section of the page: one run.

    Attributes:
        identity: unique on the page; all ids in the section begin with it.
        undrawn: how many series the overview and the roofline leave out.
        model: the model whose layers were measured; None in a run of other cases.
        sweeps: the other sweeps, in the order of the file.
        overview: time ratios against FLOP ratios; None where no work was compared.
        roofline: None where a peak of the machine was not measured.
        answer: the sentences of the verdict.
        remarks: what the verdicts speak for, what was reached, and what an empty call takes.
    """

    identity: str
    undrawn: int
    model: ModelSection | None
    sweeps: list[SweepSection]
    overview: Figure | None
    roofline: Figure | None
    answer: list[findings.Sentence]
    remarks: list[str]

    @property
    def figures(self) -> list[Figure]:
        """All figures, in the order of the page."""
        of_sweeps = [figure for sweep in self.sweeps for figure in sweep.figures]
        of_model = self.model.figure if self.model else None
        of_run = (self.overview, self.roofline)
        found = [of_model, *of_sweeps, *of_run]
        return [figure for figure in found if figure]

    @property
    def operators(self) -> list[SweepSection]:
        """The sweeps of operators."""
        return [sweep for sweep in self.sweeps if not sweep.is_of_models]

    @property
    def models(self) -> list[SweepSection]:
        """The sweeps of whole models."""
        return [sweep for sweep in self.sweeps if sweep.is_of_models]

    @property
    def contents(self) -> list[tuple[str, str]]:
        """Title and id of each heading, in the order of the page."""
        saving = [("Where the saving goes", f"{self.identity}-saving")]
        of_model = [(HEADING, self.model.identity)] if self.model else []
        return [
            *of_model,
            *((sweep.title, sweep.identity) for sweep in self.operators),
            *(saving if self.overview or self.roofline else []),
            *((sweep.title, sweep.identity) for sweep in self.models),
        ]

    def anchor(self, sentence: findings.Sentence) -> str:
        """Find the id of the section that shows what a sentence of the answer says."""
        if self.model and sentence.sweep in (LAYERS, WHOLE):
            return self.model.identity
        found = [sweep.identity for sweep in self.sweeps if sweep.name == sentence.sweep]
        return found[0] if found else self.identity


def section(
    identity: str,
    records: pd.DataFrame,
    unmeasured: pd.DataFrame,
    conditions: Mapping[str, float],
    model: ModelDescription | None = None,
) -> RunSection:
    """Lay out all that one file says. Runs are never mixed: they may come from two machines.

    Args:
        identity: unique on the page; all names of figures and ids begin with it.
        records: the run's prepared records; figures and sentences are about those that compete.
        unmeasured: its prepared cases without a measurement.
        conditions: the run's.
        model: the model whose layers it measured; None in a run of other cases.
    """
    remarks = (coverage.scope(records), endings.in_words(records), overhead.in_words(records))
    of_model = model_section(joined(identity, "model"), model, records) if model else None
    records = competing(records)
    # Whole models do not compete with operators.
    operators = records[~records["sweep"].isin(_of_models(records))]
    drawn = _drawn(operators)
    if of_model:
        records = records[~is_about_model(records)]
    return RunSection(
        identity=identity,
        model=of_model,
        sweeps=_sweeps(identity, records, unmeasured),
        overview=overview_figure(
            drawn, titles.overview_title(operators), joined(identity, "overview")
        ),
        roofline=roofline_figure(drawn, conditions, joined(identity, "roofline")),
        undrawn=operators["series"].nunique() - drawn["series"].nunique(),
        answer=_answer(of_model, records),
        remarks=[text for text in remarks if text],
    )


def _answer(model: ModelSection | None, records: pd.DataFrame) -> list[findings.Sentence]:
    """What was found about the model, then about the operators of other sweeps."""
    of_model = [findings.Sentence(f"{model.title}.", LAYERS)] if model else []
    return of_model + (findings.answer(records) if len(records) else [])


def _of_models(records: pd.DataFrame) -> list[str]:
    """Name the sweeps of whole models."""
    return [name for _, name, group in tables.sweeps(records) if tables.is_of_models(group)]


def _drawn(records: pd.DataFrame) -> pd.DataFrame:
    """Keep as many series as a figure can show, in the order of the file."""
    return records[records["series"].isin(records["series"].unique()[:MOST_SERIES])]


def _sweeps(identity: str, records: pd.DataFrame, missing: pd.DataFrame) -> list[SweepSection]:
    sections: dict[str, SweepSection] = {}
    for _, name, group in tables.sweeps(records):
        slug = joined(identity, words.slug(name))
        # Two names may differ in signs alone.
        unique = slug if slug not in sections else f"{slug}-{len(sections) + 1}"
        sections[unique] = _sweep(unique, name, group, missing[missing["sweep"] == name])
    return list(sections.values())


def _sweep(identity: str, name: str, records: pd.DataFrame, missing: pd.DataFrame) -> SweepSection:
    drawn = _drawn(records)
    missing = (
        missing[missing["series"].isin(drawn["series"])] if len(drawn) < len(records) else missing
    )
    return SweepSection(
        identity=identity,
        name=name,
        is_of_models=tables.is_of_models(records),
        title="Whole models" if name == "models" else words.sweep_title(name),
        headline=findings.headline(records),
        undrawn=records["series"].nunique() - drawn["series"].nunique(),
        figures=_figures(identity, drawn, missing),
        table=_ratios(records),
        growth=_growth(drawn),
        rounds=rounds.cases(drawn),
        without_rounds=len(rounds.own(records)) - min(len(rounds.own(drawn)), rounds.MOST_CASES),
    )


def _figures(identity: str, drawn: pd.DataFrame, missing: pd.DataFrame) -> list[Figure]:
    ratio = joined(identity, "ratio")
    map_of_ratios = grid_figure(drawn, ratio)
    if map_of_ratios:
        return [map_of_ratios]
    front = front_figure(drawn, joined(identity, "front"))
    return [
        ratio_figure(drawn, missing, titles.ratio_title(drawn), ratio),
        cost_figure(drawn, titles.cost_title(drawn), joined(identity, "cost")),
        *([front] if front else []),
    ]


def _growth(records: pd.DataFrame) -> Table | None:
    """How time and memory grow along the axis, next to what the formulas predict."""
    laws = scaling.laws(records)
    if laws.empty:
        return None
    noun = words.axis(str(records["axis"].iloc[0])).noun
    return Table(
        caption=GROWTH_CAPTION.format(noun=noun),
        head=["Operator", "Direction", "Time", "MACs", "Peak memory", "Bytes", "Passes 1 between"],
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


def _exponent(exponent: scaling.Exponent | None, *, with_interval: bool) -> str:
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
    return f"{crossing.place}, then {crossing.becomes}\n{crossing.certainty}"


def _ratios(records: pd.DataFrame) -> Table:
    """The ratio table with signs and intervals in each cell."""
    rows = tables.rows(records)
    best = pd.Series([_best_cell(row) for row in rows], index=records.index, dtype=object)
    cells = records.assign(cell=[_ratio_cell(row) for row in rows], best=best)
    table = pd.concat([tables.ratio_table(cells, "cell"), tables.best_table(cells, "best")])
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
    if row["is_baseline"] and row["measurement"] is not None:
        return units.ratio(row["ratio"])  # 1 by definition: it shows nothing
    is_known = pd.notna(row["ratio_low"])
    interval = units.bracket(row["ratio_low"], row["ratio_high"]) if is_known else "unknown"
    return f"{SIGNS[row['verdict']]} {units.ratio(row['ratio'])}\n{interval}"


def _best_cell(row: Mapping[str, Any]) -> str | None:
    """The ratio to the best rival, its interval and the rival's name."""
    if row["best_rival"] is None:
        return None
    interval = units.bracket(row["best_low"], row["best_high"])
    sign = SIGNS[row["best_verdict"]]
    return f"{sign} {units.ratio(row['best_ratio'])}\n{interval}\n{row['best_rival']}"
