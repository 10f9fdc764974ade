"""Results to one self-contained HTML page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import (
    figures,
    findings,
    looks,
    machine,
    roofline,
    scaling,
    statistics,
    tables,
    units,
    words,
)
from reports.comparison import CHANGES, Comparison, changed, values
from reports.folders import Folder, Kind, Part
from reports.kinds import KINDS
from reports.load import Results, Run
from reports.tables import Table

# The sign before a ratio in a table, so that colour is not needed to read the verdict.
SIGNS = {"faster": "▼", "slower": "▲", "equivalent": "=", "undecided": "?"}


@dataclass(frozen=True)
class Sweep:
    """A section of the page: one sweep of one run."""

    identity: str
    title: str
    headline: str
    pictures: list[looks.Picture]
    table: Table
    growth: Table | None


@dataclass(frozen=True)
class Section:
    """One run: its sweeps and, if any work was compared, an overview."""

    identity: str
    label: str
    run: Run
    facts: list[tuple[str, str]]
    sweeps: list[Sweep]
    overview: looks.Picture | None


@dataclass(frozen=True)
class Chapter:
    """A section of the page: all folders of one kind, none if none was read."""

    kind: Kind
    parts: list[Part]


def render(results: Results, comparison: Comparison | None = None) -> str:
    """Make the page.

    Args:
        results: what `load.load` read.
        comparison: with an older run, if one was asked for.

    Returns:
        HTML that loads nothing from elsewhere; equal results give equal pages.
    """
    judged = looks.prepared(statistics.evaluate(results.records))
    judged = judged.join(roofline.placed(judged, results.runs))
    unmeasured = looks.prepared(results.unmeasured)
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["mark"] = mark
    return environment.get_template("report.html").render(
        sections=[
            _section(run, f"run-{number}", judged, unmeasured)
            for number, run in enumerate(results.runs, start=1)
        ],
        labels=[
            *(machine.label(run) for run in results.runs),
            *(folder.label for kind in KINDS for folder in _of(kind, results.folders)),
        ],
        chapters=[_chapter(kind, results.folders) for kind in KINDS],
        records=_all_records(judged),
        unmeasured=_unmeasured(unmeasured),
        problems=results.problems,
        comparison=comparison,
        changes=_changes(comparison) if comparison else None,
        example=results.records["fullname"].iloc[0] if len(judged) else "",
        signs=SIGNS,
        rules=statistics,
    )


def mark(colour: str, shape: str) -> Markup:
    """Draw the point of a series for use in text, as an SVG of one path."""
    paths = {
        "s": "M2 2h10v10h-10z",
        "D": "M7 1l6 6l-6 6l-6 -6z",
        "^": "M7 1l6 11h-12z",
        "v": "M7 13l6 -11h-12z",
    }
    path = paths.get(shape, "M7 2a5 5 0 1 0 .01 0z")
    return Markup(
        '<svg class="mark" viewBox="0 0 14 14" aria-hidden="true"><path d="{}" fill="{}"/></svg>'
    ).format(path, colour)


def _chapter(kind: Kind, folders: list[Folder]) -> Chapter:
    chosen = _of(kind, folders)
    return Chapter(
        kind,
        [
            kind.show(folder, kind.name if len(chosen) == 1 else f"{kind.name}-{number}")
            for number, folder in enumerate(chosen, start=1)
        ],
    )


def _of(kind: Kind, folders: list[Folder]) -> list[Folder]:
    return [folder for folder in folders if folder.kind == kind.name]


def _section(run: Run, identity: str, judged: pd.DataFrame, unmeasured: pd.DataFrame) -> Section:
    """All that one file says; runs are never mixed, for they may come from two machines."""
    records = judged[judged["file"] == run.path]
    missing = unmeasured[unmeasured["file"] == run.path]
    compared = records[records["macs_ratio"].gt(0) & ~records["is_baseline"]]
    return Section(
        identity=identity,
        label=machine.label(run),
        run=run,
        facts=machine.facts(run),
        sweeps=[
            _sweep(f"{identity}-{number}", name, group, missing[missing["sweep"] == name])
            for number, (_, name, group) in enumerate(tables.sweeps(records), start=1)
        ],
        overview=figures.overview_picture(
            records, findings.overview_title(records), f"{identity}-overview"
        )
        if len(compared)
        else None,
    )


def _sweep(identity: str, name: str, records: pd.DataFrame, missing: pd.DataFrame) -> Sweep:
    return Sweep(
        identity=identity,
        title=words.sweep_title(name),
        headline=findings.headline(records),
        pictures=[
            figures.ratio_picture(
                records, missing, findings.ratio_title(records), f"{identity}-ratio"
            ),
            figures.cost_picture(records, findings.cost_title(records), f"{identity}-cost"),
        ],
        table=_ratios(records),
        growth=_growth(records),
    )


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
        caption=f"Time / time of dense convolution by {axis.noun}, with 95 % interval. "
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


def _changes(comparison: Comparison) -> Table:
    counts = comparison.cases["verdict"].value_counts()
    cases = tables.rows(changed(comparison))
    return Table(
        caption=f"{len(comparison.cases)} cases that both runs measured; a change counts beyond "
        f"{comparison.threshold * 100:g} %: "
        + ", ".join(f"{counts.get(name, 0)} {name}" for name in CHANGES)
        + ".",
        head=["Test", "Verdict", "Before, after and change"],
        rows=[[case["fullname"], case["verdict"], values(case)] for case in cases],
    )


def _all_records(records: pd.DataFrame) -> Table:
    """Every record; one unit a column, so that the numbers can be compared by eye."""
    columns = {
        "Time": ("median_seconds", units.SECONDS),
        "Low": ("seconds_low", units.SECONDS),
        "High": ("seconds_high", units.SECONDS),
        "MACs": ("macs", units.COUNTS),
        "Peak memory": ("peak_memory_bytes", units.BYTES),
        "Compilation": ("compile_seconds", units.SECONDS),
    }
    chosen = {name: units.common(records[key], among) for name, (key, among) in columns.items()}
    amounts = {
        f"{name}, {chosen[name].symbol}".rstrip(", "): [
            units.digits(value / chosen[name].size) for value in records[key]
        ]
        for name, (key, _) in columns.items()
    }
    rows = tables.rows(records)
    text = {
        "Sweep": [words.sweep_title(row["sweep"]) for row in rows],
        "Operator": [row["series"] for row in rows],
        "Executor": [row["executor"] for row in rows],
        "Direction": [row["direction"] for row in rows],
        "Case": [f"{words.case(row)}, groups {row['groups']}" for row in rows],
    }
    judged = {
        "Ratio": [units.ratio(row["ratio"]) for row in rows],
        "Interval": [_interval(row, "ratio") for row in rows],
        "Verdict": [row["verdict"] for row in rows],
        "Rounds": [str(len(row["seconds"])) for row in rows],
    }
    limits = {
        "FLOPs per byte": [units.digits(value) for value in records["intensity"]],
        "Share of roofline": [_share(value) for value in records["roofline_share"]],
        "Bound": [row["bound"] or units.UNKNOWN for row in rows],
    }
    exact = {"Parameters": [_integer(row["parameters"]) for row in rows]}
    origin = {
        "Notes": ["; ".join(row["notes"]) for row in rows],
        "Test": [row["fullname"] for row in rows],
        "File": [row["file"] for row in rows],
    }
    table = text | judged | amounts | limits | exact | origin
    return Table("", list(table), [list(row) for row in zip(*table.values(), strict=True)])


def _share(value: float) -> str:
    return f"{units.digits(100 * value, 2)} %" if pd.notna(value) else units.UNKNOWN


def _integer(value: float) -> str:
    return f"{int(value):,}" if pd.notna(value) else units.UNKNOWN


def _unmeasured(records: pd.DataFrame) -> Table:
    return Table(
        caption="",
        head=["Sweep", "Operator", "Direction", "Case", "Reason", "File"],
        rows=[
            [
                words.sweep_title(row["sweep"]),
                row["series"],
                row["direction"],
                f"{words.case(row)}, groups {row['groups']}",
                "; ".join(row["notes"]) or "no reason given",
                row["file"],
            ]
            for row in tables.rows(records)
        ],
    )
