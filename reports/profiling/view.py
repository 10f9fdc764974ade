"""Traces as a part of the page."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reports.drawing.figure import Figure, joined
from reports.drawing.front import Front
from reports.profiling import findings
from reports.profiling.figures import picture
from reports.profiling.load import NAME
from reports.profiling.record import NUMBERS, Trace
from reports.profiling.statistics import groups, labels
from reports.sources.kind import Part, Source, identities
from reports.text import machine, units
from reports.text.table import Table

# The operations of a trace that are listed; the others are in its JSON.
TOP = 6


@dataclass(frozen=True)
class TracesView:
    """What the template shows in addition to a part's own words."""

    pictures: list[Figure]
    steps: Table
    operations: Table
    command: str


def show(sources: Sequence[Source]) -> list[Part]:
    """Make the parts of the page about all sources of this kind.

    Args:
        sources: what `load.read` returned.
    """
    names = identities(NAME, sources)
    return [_part(source, name) for source, name in zip(sources, names, strict=True)]


def _part(folder: Source, identity: str) -> Part:
    traces: list[Trace] = folder.content
    newest = traces[-1]
    headline = findings.headline(traces)
    return Part(
        identity=identity,
        label=folder.label,
        headlines=[headline],
        warnings=list(findings.warnings(traces)),
        facts=[
            ("Folder", folder.path),
            ("Traced", machine.text(newest.datetime)),
            ("Runs", str(len(traces))),
            *machine.computer(newest.machine_info, newest.commit_info),
        ],
        front=Front(
            headline.removesuffix("."),
            [machine.hardware(newest.machine_info), newest.datetime[:10]],
            [],
            _pictures(traces, identity, "front")[0],
        ),
        view=TracesView(
            pictures=_pictures(traces, identity),
            steps=_steps(traces),
            operations=_operations(traces),
            command=shlex.join(["tensorboard", "--logdir", Path(folder.path).as_posix()]),
        ),
    )


def _pictures(traces: Sequence[Trace], *name: str) -> list[Figure]:
    return [
        picture(group, labels(group), title, joined(*name, str(number)))
        for number, (title, group) in enumerate(groups(traces).items(), start=1)
    ]


def _steps(traces: Sequence[Trace]) -> Table:
    return Table(
        caption="One run of TensorBoard per row. The share is that of kernel generation in kernel "
        "generation and core together, gradients included.",
        head=["Run", "Device", "Steps", "Step, mean", "Generation", "Peak memory", "Notes"],
        rows=[
            [
                trace.run,
                trace.device,
                str(len(trace.step_seconds)),
                units.quantity(trace.seconds, units.SECONDS),
                units.UNKNOWN
                if trace.generation_share is None
                else f"{100 * trace.generation_share:.0f} %",
                units.UNKNOWN
                if trace.peak_memory_bytes is None
                else units.quantity(trace.peak_memory_bytes, units.BYTES),
                "; ".join(trace.notes),
            ]
            for trace in traces
        ],
    )


def _operations(traces: Sequence[Trace]) -> Table:
    return Table(
        caption=f"The {TOP} longest operations of each run; {NUMBERS} next to its trace has all.",
        head=["Run", "Operation", "Part", "Time per step", "Share of the step", "Type"],
        rows=[
            [
                trace.run,
                operation.name,
                operation.part,
                units.quantity(operation.seconds, units.SECONDS),
                f"{100 * operation.seconds / trace.seconds:.1f} %",
                operation.kind,
            ]
            for trace in traces
            for operation in trace.operations[:TOP]
        ],
    )
