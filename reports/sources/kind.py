"""What every kind of results has in common: how it is recognised, read and shown.

A kind is a package of its own, such as `reports/cifar`, with a module `kind.py` that declares it.
`reports/kinds.py` lists all of them; its part of the page is a template of its own.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Source:
    """One file or folder of results that was read.

    Attributes:
        kind: the name of its kind.
        path: where it was read, as a page can show it.
        name: as much of the end of the path as tells it from the others of a page.
        origin: processor and day, as `machine.origin` names them.
        hardware: the machine that it was measured on, as `machine.hardware` names it.
        content: what it holds, in a form that its kind alone knows.
        problems: (path, reason) for each thing in it that was left out.
        is_empty: whether nothing is left that could be shown.
    """

    kind: str
    path: str
    name: str
    origin: str
    hardware: str
    content: Any
    problems: list[tuple[str, str]] = field(default_factory=list)
    is_empty: bool = False

    @property
    def label(self) -> str:
        """What it is, in a few words: file or folder, processor, day."""
        return ", ".join(filter(None, (self.name, self.origin)))


@dataclass(frozen=True)
class Part:
    """One source as the page shows it.

    Attributes:
        identity: unique on the page; all ids in the part begin with it.
        label: the source's.
        headlines: what was found in detail, one sentence each.
        warnings: reasons to doubt it; each says what to do about it.
        facts: label and value of what is known of machine, software and data.
        view: what else the kind's own template needs.
        contents: title and id of each of its sections, for the table of contents.
        front: its first screen, a `drawing.front.Front`.
    """

    identity: str
    label: str
    headlines: list[str]
    warnings: list[str]
    facts: list[tuple[str, str]]
    view: Any
    front: Any
    contents: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Kind:
    """A kind of results.

    Attributes:
        name: identifies the kind in results and on the page.
        title: the heading of its chapter.
        purpose: what a page without such results lacks, a noun; the page adds the command.
        command: the command that makes such results.
        default: where that command writes them.
        template: the file in `templates` that shows a `Part`.
        recognises: says whether a path holds such results, without reading them.
        read: reads a path that is recognised; raises UnreadableError.
        show: makes the parts of the page from all sources of the kind, in their order.
        verdict: the file in `templates` that shows the headlines of a `Part` in detail.
    """

    name: str
    title: str
    purpose: str
    command: str
    default: Path
    template: str
    recognises: Callable[[Path], bool]
    read: Callable[[Path], Source]
    show: Callable[[Sequence[Source]], list[Part]]
    verdict: str = "verdict.html"


def drawn_by(module: str) -> Callable[[Sequence[Source]], list[Part]]:
    """Import the module that draws a kind of results only when its figures are made.

    Figures need matplotlib, which takes a second to load. Reading, tables for a terminal,
    Markdown and CSV do not. Matplotlib refuses to be imported where the reader's
    `MPLBACKEND` names a backend that is not installed; figures of a page need no backend.

    Args:
        module: the full name of the module that has the kind's `show`.

    Returns:
        A function for `Kind.show`.
    """

    def show(sources: Sequence[Source]) -> list[Part]:
        parts: list[Part] = drawing_module(module).show(sources)
        return parts

    return show


def drawing_module(name: str) -> Any:
    """Import a module that draws, for which `drawn_by` gives the reasons.

    Args:
        name: the full name of the module.
    """
    backend = os.environ.pop("MPLBACKEND", None)
    try:
        return import_module(name)
    finally:
        if backend is not None:
            os.environ["MPLBACKEND"] = backend


def identities(kind: str, sources: Sequence[Source]) -> list[str]:
    """Name each source of a kind uniquely on the page.

    Args:
        kind: the name of the kind.
        sources: all sources of the kind.

    Returns:
        The kind's name for a single source, otherwise the name with a number.
    """
    if len(sources) == 1:
        return [kind]
    return [f"{kind}-{number}" for number in range(1, len(sources) + 1)]
