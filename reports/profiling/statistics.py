"""Traces to what can be compared: groups, names and shares."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from reports.profiling.record import OperatorSubject, Trace
from reports.sources.case import GEOMETRY, Direction
from reports.text import words


def groups(traces: Iterable[Trace]) -> dict[str, list[Trace]]:
    """Group what can be compared: the operators of one case and direction, and models.

    Args:
        traces: those of a folder.

    Returns:
        The traces of each group, by its title.
    """
    found: dict[str, list[Trace]] = defaultdict(list)
    for trace in traces:
        found[_title(trace)].append(trace)
    return dict(found)


def series(trace: Trace) -> str:
    """Name what was traced: the operator with its implementation, or the model."""
    subject = trace.subject
    if isinstance(subject, OperatorSubject):
        return words.series(subject.operator, subject.implementation)
    return words.shortened(f"{subject.model}, batch {subject.batch}")


def labels(traces: Sequence[Trace]) -> list[str]:
    """Name traces by what was traced, or by their run where that was traced several times.

    Args:
        traces: those that are compared.

    Returns:
        One name per trace.
    """
    names = [series(trace) for trace in traces]
    return [
        name if names.count(name) == 1 else words.shortened(trace.run)
        for trace, name in zip(traces, names, strict=True)
    ]


def generation_shares(
    traces: Iterable[Trace], operator: str, implementation: str
) -> dict[Direction, float]:
    """Find kernel generation's share of an operator, by direction.

    Args:
        traces: those of a folder.
        operator: its name.
        implementation: its name.

    Returns:
        Shares, from 0 to 1; directions without a known share are left out.
    """
    return {
        trace.subject.direction: trace.generation_share
        for trace in traces
        if isinstance(trace.subject, OperatorSubject)
        and (trace.subject.operator, trace.subject.implementation) == (operator, implementation)
        and trace.generation_share is not None
    }


def idle_share(trace: Trace) -> float:
    """Return the share of a step in which no operation runs."""
    return trace.part_seconds.get("other", 0.0) / trace.seconds


def _title(trace: Trace) -> str:
    subject = trace.subject
    if isinstance(subject, OperatorSubject):
        case = words.case({key: getattr(subject, key) for key in GEOMETRY})
        return f"{subject.direction.capitalize()}: {case}"
    return "Training steps of whole models"
