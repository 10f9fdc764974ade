"""Results to one self-contained HTML page."""

from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports.drawing import palette as looks
from reports.kinds import KINDS
from reports.output import csv as export
from reports.output import script
from reports.sources.kind import Kind, Part, Source
from reports.sweeps import listing as records
from reports.sweeps import statistics, tables
from reports.sweeps import view as sections
from reports.sweeps.comparison import CHANGES, Comparison, changed, values
from reports.sweeps.load import Results
from reports.sweeps.tables import Table
from reports.text import machine

# Stands in the page until all that the policy must allow is known.
POLICY = "policy-of-this-page"


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
    judged = export.judged(results)
    prepared = looks.prepared(judged)
    unmeasured = looks.prepared(results.unmeasured)
    code, style = script.library()
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("report.html").render(
        policy=POLICY,
        script=code,
        library_style=style,
        sections=[
            sections.section(run, f"run-{number}", prepared, unmeasured)
            for number, run in enumerate(results.runs, start=1)
        ],
        labels=[
            *(machine.label(run) for run in results.runs),
            *(folder.label for kind in KINDS for folder in _of(kind, results.folders)),
        ],
        machines=_machines(results),
        chapters=[_chapter(kind, results.folders) for kind in KINDS],
        records=records.all_records(prepared),
        download=export.link(export.csv(judged)),
        unmeasured=records.unmeasured(unmeasured),
        problems=results.problems,
        comparison=comparison,
        changes=_changes(comparison) if comparison else None,
        example=results.records["fullname"].iloc[0] if len(judged) else "",
        signs=sections.SIGNS,
        precise=int((statistics.half_widths(judged) <= statistics.MARGIN).sum()),
        rules=statistics,
    )
    return page.replace(POLICY, script.policy(page, code), 1)


def _machines(results: Results) -> list[str]:
    """Name each machine once, whatever number of files and folders it wrote."""
    named = [machine.hardware(run.machine_info) for run in results.runs]
    return list(dict.fromkeys([*named, *(folder.hardware for folder in results.folders)]))


def _chapter(kind: Kind, folders: list[Source]) -> Chapter:
    chosen = _of(kind, folders)
    return Chapter(
        kind,
        kind.show(chosen),
    )


def _of(kind: Kind, folders: list[Source]) -> list[Source]:
    return [folder for folder in folders if folder.kind == kind.name]


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
