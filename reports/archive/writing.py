"""Runs into an archive: each is there once, and whole or not at all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from filelock import Timeout

from reports.archive import beside, parts
from reports.archive import folder as folders
from reports.archive.contained import wholes
from reports.archive.content import Content, read
from reports.archive.errors import ArchiveError
from reports.archive.table import NamedRun, month, tables
from reports.sources.files import shown_path
from reports.text import identity

# Runs that are judged together.
TOGETHER = 32


@dataclass(frozen=True)
class Addition:
    """What became of one results file.

    Attributes:
        path: the file, as a terminal can show it.
        run: the digest of its run; empty where it could not be read.
        records: how many records it has, measured or not.
        is_new: whether the run was added; otherwise it was there already, or could not be read.
        problems: why it, or a record of it, was left out.
        skipped: why nothing of it belongs into an archive; empty for a run.
    """

    path: str
    run: str = ""
    records: int = 0
    is_new: bool = False
    problems: tuple[str, ...] = ()
    skipped: str = ""


def add(folder: Path, paths: Iterable[Path]) -> Iterator[Addition]:
    """Add runs to an archive; what is wrong with one does not stop the others.

    A run that is there already is not added again, whatever its file is called. Several processes
    may add at once, and be killed at any moment: each run is there whole or not at all. A file
    whose rounds another one holds, too, is skipped, and so is what is no JSON and what the suite
    writes beside results.

    Args:
        folder: the archive; made if it is not there.
        paths: results files of `pytest bench --benchmark-only`, and files beside them.

    Returns:
        What became of each file, in their order and a few at a time. All files are read once before
        the first, to find those whose rounds another one holds, and again when they are added.

    Raises:
        ArchiveError: if the folder is no archive or cannot be written; before the first file is
            read, or while one is written. Those before it are kept.
    """
    folders.prepare(folder)
    return _all_added(folder, [*paths])


def _all_added(folder: Path, paths: Sequence[Path]) -> Iterator[Addition]:
    """Add runs, a few at a time; a part may stand before the file that holds it."""
    skipped = {path: words for path in paths if (words := beside.told_unparsed(path))}
    runs = [path for path in paths if path not in skipped]
    skipped |= {
        path: f"all of its rounds are in {shown_path(whole)}"
        for path, whole in wholes(runs).items()
    }
    for some in _batched(paths, TOGETHER):
        yield from _added(folder, some, skipped)


def _added(folder: Path, paths: Sequence[Path], skipped: Mapping[Path, str]) -> Iterator[Addition]:
    """Add the runs of a few files, which are judged together."""
    found = [Content(skipped=skipped[path]) if path in skipped else read(path) for path in paths]
    added = _insert(folder, {each.named.name: each.named for each in found if each.named})
    for path, each in zip(paths, found, strict=True):
        named, problems = each.named, each.problems
        if named is None:
            yield Addition(shown_path(path), problems=problems, skipped=each.skipped)
            continue
        count = len(named.run.records) + len(named.run.unmeasured)
        is_new = named.name in added
        added.discard(named.name)  # a second file with the same run
        yield Addition(shown_path(path), named.name, count, is_new=is_new, problems=problems)


def _insert(folder: Path, runs: Mapping[str, NamedRun]) -> set[str]:
    """Add runs, and return which of them are new."""
    places = {name: _place(folder, named) for name, named in runs.items()}
    known = {run for place in {*places.values()} for run in parts.runs_in(place)}
    missing = [named for name, named in runs.items() if name not in known]
    added = set[str]()
    if not missing:
        return added
    made = dict(zip((named.name for named in missing), tables(missing), strict=True))
    try:
        with folders.locked(folder):
            for place in sorted({places[name] for name in made}):
                # Since the first look another writer may have added some of them.
                there = parts.runs_in(place)
                folders.delete_drafts(place)
                new = {
                    name: rows
                    for name, rows in made.items()
                    if places[name] == place and name not in there
                }
                parts.insert(place, new, there)
                added |= new.keys()
    except Timeout as error:
        raise ArchiveError(
            f"{shown_path(folder)}: another process has been writing for {folders.PATIENCE} seconds"
        ) from error
    except OSError as error:
        raise ArchiveError(
            f"{shown_path(folder)}: cannot keep other writers waiting: {error.strerror or error}"
        ) from error
    return added


def _place(folder: Path, named: NamedRun) -> Path:
    hardware = identity.folder_name(named.run.machine_info)
    return folders.place(folder, hardware, month(named.run))


def _batched(paths: Iterable[Path], size: int) -> Iterator[tuple[Path, ...]]:
    """Take paths a few at a time, as `itertools.batched` of Python 3.12 does."""
    rest = iter(paths)
    while part := tuple(islice(rest, size)):
        yield part
