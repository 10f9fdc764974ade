"""A history as Markdown, for a comment."""

from collections.abc import Iterator
from itertools import accumulate

from reports.history import opening, tables
from reports.history.history import CommitHistory
from reports.history.naming import RunName
from reports.history.told import SECTIONS, ToldEvent, told, warnings
from reports.text import units
from reports.text.markdown import escaped, grid

# What fits in a comment: events of a kind, and rows of the table.
MOST_EVENTS, MOST_ROWS = 10, 40
# Characters: a comment on GitHub has at most 65,536. The rest is room for the last line.
MOST_CHARACTERS = 65_000


def summary(history: CommitHistory) -> str:
    """Write the history as Markdown, to paste into a comment on a pull request.

    Args:
        history: of `history.history`.

    Returns:
        The finding and its lines; of each machine what got slower, what got faster, and a table of
        the changes, as far as a comment has room.
    """
    parts = _parts(history)
    ends = accumulate(len(part) + 2 for part in parts)
    kept = sum(end <= MOST_CHARACTERS for end in ends)
    if kept < len(parts):
        rest = units.counted(len(parts) - kept, "more paragraph")
        parts[kept:] = [f"And {rest}, for which a comment has no room: the page has all."]
    return "\n\n".join(parts) + "\n"


def _parts(history: CommitHistory) -> list[str]:
    parts = [f"# {escaped(opening.title(history))}"]
    lines = [f"- {escaped(line)}" for line in opening.lines(history)]
    parts += ["\n".join(lines)] if lines else []
    parts += [escaped(warning) for warning in warnings(history)]
    for number, timeline in enumerate(history.timelines):
        parts.append(f"## {escaped(timeline.machine)}")
        for kind in ("slower", "faster", "baselines"):
            found = [event for event in told(history, number) if event.kind == kind]
            if found:
                parts.append(f"### {SECTIONS[kind]}")
                parts += map(_event, found[:MOST_EVENTS])
        changes = tables.changes(history, number, lambda run: run.name, MOST_ROWS)
        if changes.rows:
            parts += [f"### {SECTIONS['changes']}", escaped(changes.caption)]
            parts.append(grid(changes.head, changes.rows, 4))
    return parts


def _event(event: ToldEvent) -> str:
    return "\n".join(_lines(event))


def _lines(event: ToldEvent) -> Iterator[str]:
    about = ", ".join(filter(None, (event.run.date, event.run.subject)))
    remark = f" ({event.remark})" if event.remark else ""
    yield f"- **{_linked(event.run)}** {escaped(about)}{remark}; {escaped(event.span.text)}"
    for sentence in event.sentences:
        yield f"  - {escaped(sentence)}"
    if event.software:
        yield f"  - The software changed there, too: {escaped(event.software)}."


def _linked(run: RunName) -> str:
    return f"[{escaped(run.name)}]({run.link})" if run.link else escaped(run.name)
