"""Results files whose rounds another file holds, such as those of the processes of a comparison.

Rounds are compared, not names: the times of many rounds are equal only if they are the same rounds.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from reports.archive.content import read
from reports.sources.files import UnreadableError
from reports.sweeps import load
from reports.sweeps.document import checked_document


def wholes(paths: Iterable[Path]) -> dict[Path, Path]:
    """Find the files that are parts of others.

    Of each file only hashes of its rounds are kept; those that hold others are read once more.

    Args:
        paths: results files, and any other.

    Returns:
        For each file all of whose rounds another one holds among more, that other one: of several
        the one with most. It is itself no part of another, and has a run that an archive keeps: a
        part of a plan has none, nor has a file that cannot be read.
    """
    held = {path: own for path in dict.fromkeys(paths) if (own := _held(path))}
    holders = defaultdict[int, list[Path]](list)
    for path, own in sorted(held.items(), key=lambda item: len(item[1]), reverse=True):
        for rounds in own:
            holders[rounds].append(path)
    is_run = lru_cache(maxsize=None)(_is_run)
    found = {}
    for path, own in held.items():
        larger = (other for other in holders[next(iter(own))] if own < held[other])
        if whole := next(filter(is_run, larger), None):
            found[path] = whole
    return found


def _held(path: Path) -> frozenset[int]:
    """Hash the rounds of each benchmark in each process; none where a file cannot be read."""
    rounds = set[int]()
    try:
        for entry in checked_document(load.document_of(path)).benchmarks:
            rounds |= _rounds(load.lifted(entry))
    except (UnreadableError, TypeError, ValueError):  # which is said when it is added
        return frozenset()
    return frozenset(rounds)


def _is_run(path: Path) -> bool:
    """Say whether an archive keeps the measured records of a file."""
    named = read(path).named
    return named is not None and not named.run.records.empty


def _rounds(record: dict[str, object]) -> set[int]:
    """Hash the rounds of each process of a record."""
    seconds, numbers = record["seconds"], record.get("process")
    if not isinstance(seconds, list):
        return set()
    if not isinstance(numbers, list):
        numbers = [1] * len(seconds)
    of_process = defaultdict[object, list[object]](list)
    for number, each in zip(numbers, seconds, strict=True):
        of_process[number].append(each)
    return {hash((record["fullname"], tuple(rounds))) for rounds in of_process.values()}
