"""A folder of results: what every kind of it has in common.

A kind is a package of its own (`reports/cifar`) that says how its folders are told from others,
read and shown; `kinds.KINDS` lists them, and its part of the page is a template of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Folder:
    """One folder that was read.

    Attributes:
        kind: the name of its kind.
        path: where it was read.
        label: what it is, in a few words: folder, processor, day.
        hardware: the machine that it is of, as `machine.hardware` names it.
        content: what it holds, in a form that its kind alone knows.
        problems: (path, reason) for each thing in it that was left out.
    """

    kind: str
    path: str
    label: str
    hardware: str
    content: Any
    problems: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """One folder as the page shows it.

    Attributes:
        identity: unique on the page; all ids in the part begin with it.
        label: the folder's.
        headlines: what was found, one sentence each, for the verdict.
        warnings: reasons to doubt it; each says what to do about it.
        facts: label and text of what is known of machine, software and data.
        view: what the kind's own template needs besides.
    """

    identity: str
    label: str
    headlines: list[str]
    warnings: list[str]
    facts: list[tuple[str, str]]
    view: Any


@dataclass(frozen=True)
class Kind:
    """A kind of folder.

    Attributes:
        name: identifies the kind in results and on the page.
        title: the heading of its section.
        purpose: what its results would tell, to stand before "run `command`".
        command: the command that makes such a folder.
        default: where that command writes.
        marker: the file that every such folder holds, and no other.
        template: the file in `templates` that shows `part`.
        read: reads a folder that holds the marker; raises UnreadableError.
        show: makes a part of a folder, given its identity.
    """

    name: str
    title: str
    purpose: str
    command: str
    default: Path
    marker: str
    template: str
    read: Callable[[Path], Folder]
    show: Callable[[Folder, str], Part]
