"""The registry of the kinds of results: no other module knows all of them."""

import os
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from reports.cifar.kind import CIFAR
from reports.profiling.kind import PROFILE
from reports.sources.archive import is_archive
from reports.sources.files import UnreadableError, shown_path
from reports.sources.kind import Kind, Source
from reports.sources.naming import telling_names
from reports.sweeps.kind import SWEEPS

# In the order in which the page shows them.
KINDS: tuple[Kind, ...] = (SWEEPS, CIFAR, PROFILE)


@dataclass(frozen=True)
class Results:
    """All that was read.

    Attributes:
        sources: one per file or folder, in the order given.
        problems: (path, reason) for each file, folder or part of one that was left out.
    """

    sources: list[Source] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return all(source.is_empty for source in self.sources)

    def of(self, kind: Kind) -> list[Source]:
        """List the sources of one kind.

        Args:
            kind: one of `KINDS`.
        """
        return [source for source in self.sources if source.kind == kind.name]


def read(paths: Iterable[str | Path]) -> Results:
    """Read results of any kind; what is wrong with one source does not stop the others.

    Args:
        paths: files written by `pytest bench --benchmark-only`, and folders of the other kinds.

    Returns:
        The valid sources, and one problem for each source, or part of one, that was left out.
    """
    problems, different = list[tuple[str, str]](), dict[str, Path]()
    for path in map(Path, paths):
        if different.setdefault(os.path.realpath(path), path) is not path:
            problems.append((shown_path(path), "given twice; its records are counted once"))
    sources = dict[Path, Source]()
    for path in different.values():
        try:
            sources[path] = _kind_of(path).read(path)
        except UnreadableError as error:
            problems.append((shown_path(path), str(error)))
    for source in sources.values():
        problems += source.problems
    names = telling_names([*sources])
    named = [
        replace(source, name=name) for source, name in zip(sources.values(), names, strict=True)
    ]
    return Results(named, problems)


def _kind_of(path: Path) -> Kind:
    """Find the kind of a path by what it is, or by the file in it that marks the kind."""
    for kind in KINDS:
        if kind.recognises(path):
            return kind
    if is_archive(path):
        command = shlex.join(["python", "-m", "reports", "--history", str(path)])
        raise UnreadableError(f"an archive: `{shown_path(command)}` makes the page of one")
    commands = " or ".join(f"`{kind.command}`" for kind in KINDS if kind is not SWEEPS)
    raise UnreadableError(f"a folder that holds no results: expected one written by {commands}")
