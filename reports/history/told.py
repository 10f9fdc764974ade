"""Events for readers: when, where and what."""

from dataclasses import dataclass

from reports.history.events import Event
from reports.history.findings import changes_in_words, too_few
from reports.history.history import CommitHistory
from reports.history.naming import RunName, Span, named, span
from reports.history.reach import typical_commits
from reports.history.tables import LEAST

# The headings of what is told of a machine.
SECTIONS = {
    "slower": "What got slower",
    "faster": "What got faster",
    "baselines": "Baselines, in seconds",
    "changes": "All changes",
    "operators": "All series",
    "facts": "Machine and runs",
}


@dataclass(frozen=True)
class ToldEvent:
    """An event for readers.

    Attributes:
        event: what happened.
        run: the first run after it.
        span: the runs between which it lies.
        sentences: what it changed, operator by operator.
        software: what else changed there; empty if it is the same software.
        kind: "slower", "faster", or "baselines", which are judged in seconds.
    """

    event: Event
    run: RunName
    span: Span
    sentences: list[str]
    software: str
    kind: str

    @property
    def remark(self) -> str:
        """What became of it, or of what came before; empty for a change that is new and lasts."""
        if not self.event.lasting:
            return "undone since"
        return "undoes an earlier change" if self.event.is_return else ""


def told(history: CommitHistory, timeline: int) -> list[ToldEvent]:
    """Tell the events of a machine.

    Args:
        history: of `history.history`.
        timeline: the number of its timeline.

    Returns:
        Those that matter most first.
    """
    return [_told(history, event) for event in history.events if event.timeline == timeline]


def _told(history: CommitHistory, event: Event) -> ToldEvent:
    timeline = history.timelines[event.timeline]
    software = timeline.runs["software"].iloc[[event.before, event.after]].tolist()
    kind = "slower" if event.is_slower else "faster"
    return ToldEvent(
        event=event,
        run=named(timeline, event.place, history.commits),
        span=span(timeline, event.before, event.after, history.commits),
        sentences=changes_in_words(event, timeline),
        software="" if software[0] == software[1] else f"{software[0]} before, {software[1]} since",
        kind="baselines" if event.is_of_baselines else kind,
    )


def warnings(history: CommitHistory) -> list[str]:
    """Say what was left out or not judged, and why.

    Args:
        history: of `history.history`.
    """
    found = []
    if history.uncommitted:
        found.append(
            f"Runs left out: {history.uncommitted}, measured with changes that were not committed. "
            "They say nothing of their commit."
        )
    if history.searched.too_short:
        found.append(
            f"Series not judged: {history.searched.too_short}, with fewer than {LEAST} commits. A "
            f"change needs at least {LEAST // 2} on either side."
        )
    return found


def shortage(history: CommitHistory, timeline: int) -> str:
    """Say that a machine has too few commits to tell whether anything changed.

    Args:
        history: of `history.history`.
        timeline: the number of its timeline.

    Returns:
        A sentence; nothing if it has enough.
    """
    commits = typical_commits(history.timelines[timeline])
    short = too_few(commits, history.searched.tests)
    return short and f"{short}."
