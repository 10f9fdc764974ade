"""The history as its page shows it."""

from dataclasses import dataclass

from reports.drawing.figure import Figure, joined
from reports.drawing.front import Front
from reports.history import opening, tables
from reports.history.figures import front_figure, series_figure
from reports.history.history import CommitHistory
from reports.history.lanes import Lanes, lanes
from reports.history.told import ToldEvent, shortage, told
from reports.text.table import Table

# Plots of one event, and events that have plots; all series are drawn small below.
MOST_PLOTS, MOST_DRAWN = 6, 12


@dataclass(frozen=True)
class DrawnEvent:
    """An event with its figure.

    Attributes:
        identity: unique on the page.
        told: the event in words.
        figure: its largest changes; None for events that matter less than many others.
    """

    identity: str
    told: ToldEvent
    figure: Figure | None


@dataclass(frozen=True)
class MachineView:
    """A timeline for readers.

    Attributes:
        identity: unique on the page.
        machine: the machine's name.
        shortage: that it has too few commits to tell whether anything changed; empty if not.
        slower: events since which operators take longer, next to their baseline.
        faster: events since which they take less time.
        baselines: events of baselines themselves, in seconds.
        changes: the table of change points.
        operators: the name and the drawn series of each operator.
        facts: label and value of what is known of the machine and its runs.
    """

    identity: str
    machine: str
    shortage: str
    slower: list[DrawnEvent]
    faster: list[DrawnEvent]
    baselines: list[DrawnEvent]
    changes: Table
    operators: list[tuple[str, list[Lanes]]]
    facts: list[tuple[str, str]]


def front(history: CommitHistory) -> Front:
    """Lay out the first screen.

    Args:
        history: of `history.history`.
    """
    title, shown = opening.title(history), opening.leading(history)
    figure = front_figure(shown, title, "front") if shown else None
    return Front(title, opening.facts(history), opening.lines(history), figure)


def machines(history: CommitHistory) -> list[MachineView]:
    """Lay out what each machine's runs say.

    Args:
        history: of `history.history`.
    """
    return [_machine(history, number) for number in range(len(history.timelines))]


def _machine(history: CommitHistory, number: int) -> MachineView:
    identity = f"machine-{number + 1}"
    drawn = [
        _drawn(history, each, joined(identity, "event", str(place)), draws=place <= MOST_DRAWN)
        for place, each in enumerate(told(history, number), start=1)
    ]
    slower, faster, baselines = (
        [event for event in drawn if event.told.kind == kind]
        for kind in ("slower", "faster", "baselines")
    )
    return MachineView(
        identity=identity,
        machine=history.timelines[number].machine,
        shortage=shortage(history, number),
        slower=slower,
        faster=faster,
        baselines=baselines,
        changes=tables.changes(history, number, tables.linked),
        operators=_operators(history, number),
        facts=tables.facts(history.timelines[number]),
    )


def _drawn(history: CommitHistory, event: ToldEvent, identity: str, *, draws: bool) -> DrawnEvent:
    if not draws:
        return DrawnEvent(identity, event, None)
    points = event.event.points
    title = f"Changes with {event.run.name}"
    if len(points) > MOST_PLOTS:
        title = f"The {MOST_PLOTS} largest of {len(points)} changes with {event.run.name}"
    shown = [history.of_point(point) for point in points[:MOST_PLOTS]]
    return DrawnEvent(identity, event, series_figure(shown, title, identity))


def _operators(history: CommitHistory, number: int) -> list[tuple[str, list[Lanes]]]:
    """Draw all series, operator by operator."""
    found: dict[str, list[Lanes]] = {}
    for place, name in enumerate(history.timelines[number].series["name"]):
        found.setdefault(str(name), []).append(lanes(history.shown(number, place)))
    return sorted(found.items())
