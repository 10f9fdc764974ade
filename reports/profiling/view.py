"""Traces as a part of the page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reports.drawing.figure import Figure
from reports.profiling.figures import picture
from reports.profiling.load import CASE, NAME, Run
from reports.sources.kind import Part, Source, identities
from reports.sweeps.tables import Table
from reports.text import machine, units, words

# The operations of a run that are listed; the others are in its JSON.
TOP = 6
# A step of which more than this is in no part is not understood.
UNEXPLAINED = 0.1
SUBJECTS = (("involution", "fused"), ("involution", "patches"))


@dataclass(frozen=True)
class View:
    """What the template shows besides a part's own words."""

    pictures: list[Figure]
    steps: Table
    operations: Table
    logdir: str


def show(sources: Sequence[Source]) -> list[Part]:
    """Make the parts of the page about all sources of this kind.

    Args:
        sources: what `load.read` returned.
    """
    names = identities(NAME, sources)
    return [_part(source, name) for source, name in zip(sources, names, strict=True)]


def _part(folder: Source, identity: str) -> Part:
    runs: list[Run] = folder.content
    newest = runs[-1]
    return Part(
        identity=identity,
        label=folder.label,
        headlines=[_headline(runs)],
        warnings=list(_warnings(runs)),
        facts=[
            ("Folder", folder.path),
            ("Traced", machine.text(newest.datetime)),
            ("Runs", str(len(runs))),
            *machine.computer(newest.machine_info, newest.commit_info),
        ],
        view=View(
            pictures=[
                picture(group, _labels(group), title, f"{identity}-{number}")
                for number, (title, group) in enumerate(_groups(runs).items(), start=1)
            ],
            steps=_steps(runs),
            operations=_operations(runs),
            logdir=Path(folder.path).as_posix(),
        ),
    )


def _groups(runs: Iterable[Run]) -> dict[str, list[Run]]:
    """Put together what can be compared: the operators of a case and direction, and models."""
    groups: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        subject = run.subject
        direction = str(subject["direction"]).capitalize()
        if "operator" in subject:
            groups[f"{direction}: {words.case({key: subject[key] for key in CASE})}"].append(run)
        else:
            groups["Training steps of whole models"].append(run)
    return dict(groups)


def _series(run: Run) -> str:
    if "operator" in run.subject:
        return words.series(run.subject["operator"], run.subject["implementation"])
    return words.shortened(f"{run.subject['model']}, batch {run.subject['batch']}")


def _labels(runs: Sequence[Run]) -> list[str]:
    """Name runs by what was traced, or by the run where that was traced several times."""
    names = [_series(run) for run in runs]
    return [
        name if names.count(name) == 1 else words.shortened(run.name)
        for run, name in zip(runs, names, strict=True)
    ]


def _headline(runs: Sequence[Run]) -> str:
    """State what kernel generation takes of involution, or what was traced at all."""
    for subject in SUBJECTS:
        shares = {
            str(run.subject["direction"]): run.generation_share
            for run in runs
            if (run.subject.get("operator"), run.subject.get("implementation")) == subject
            and run.generation_share is not None
        }
        if shares:
            found = " and ".join(f"{100 * s:.0f} % ({name})" for name, s in shares.items())
            return (
                f"In {words.series(*subject)}, generating the kernels takes {found} of the time "
                "of generation and core together."
            )
    longest = max(runs, key=lambda run: run.seconds)
    part, seconds = max(longest.part_seconds.items(), key=lambda item: item[1])
    share = 100 * seconds / longest.seconds
    return f"{_series(longest)}: {share:.0f} % of a step is {part}."


def _warnings(runs: Sequence[Run]) -> Iterable[str]:
    machines = {
        machine.text(machine.dig(run.machine_info, ("cpu", "brand_raw"))) for run in runs
    } | {machine.text(run.machine_info.get("node")) for run in runs}
    if len(machines) > 2:
        yield (
            "The traces come from several machines: "
            f"{', '.join(sorted(machines))}. Put each machine's into a folder of its own."
        )
    for run in runs:
        share = run.part_seconds.get("other", 0.0) / run.seconds
        if share > UNEXPLAINED:
            yield (
                f"In {run.name} no operation runs for {100 * share:.0f} % of a step: look at its "
                "trace, or trace it again while the machine does nothing else."
            )


def _steps(runs: Sequence[Run]) -> Table:
    return Table(
        caption="One run of TensorBoard each. The share is that of kernel generation in kernel "
        "generation and core together, gradients included.",
        head=["Run", "Device", "Steps", "Step, mean", "Generation", "Peak memory", "Notes"],
        rows=[
            [
                run.name,
                run.device,
                str(len(run.step_seconds)),
                units.quantity(run.seconds, units.SECONDS),
                units.UNKNOWN
                if run.generation_share is None
                else f"{100 * run.generation_share:.0f} %",
                units.UNKNOWN
                if run.peak_memory_bytes is None
                else units.quantity(run.peak_memory_bytes, units.BYTES),
                "; ".join(run.notes),
            ]
            for run in runs
        ],
    )


def _operations(runs: Sequence[Run]) -> Table:
    return Table(
        caption=f"The {TOP} longest operations of each run; numbers.json beside its trace has all.",
        head=["Run", "Operation", "Part", "Time a step", "Share of the step", "Type"],
        rows=[
            [
                run.name,
                operation.name,
                operation.part,
                units.quantity(operation.seconds, units.SECONDS),
                f"{100 * operation.seconds / run.seconds:.1f} %",
                operation.kind,
            ]
            for run in runs
            for operation in run.operations[:TOP]
        ],
    )
