"""Results files whose rounds another file holds, such as those of the processes of a comparison.

Rounds are compared, not names: the times of many rounds are equal only if they are the same rounds.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reports.sources.files import UnreadableError
from reports.sweeps import load
from reports.sweeps.document import checked_document


@dataclass(frozen=True)
class Held:
    """The rounds that a results file holds.

    Attributes:
        rounds: a hash of the rounds of each benchmark in each process.
        is_whole: whether the file is no part of a plan, which an archive does not keep.
    """

    rounds: frozenset[int]
    is_whole: bool


def wholes(paths: Iterable[Path]) -> dict[Path, Path]:
    """Find the files that are parts of others.

    Args:
        paths: results files, and any other.

    Returns:
        For each file all of whose rounds another one holds among more, that other one: of several
        the one with most. It is itself no part of another.
    """
    held = {path: each for path in dict.fromkeys(paths) if (each := _held(path)).rounds}
    holders = defaultdict[int, list[Path]](list)
    for path, own in held.items():
        if own.is_whole:
            for rounds in own.rounds:
                holders[rounds].append(path)
    found = {}
    for path, own in held.items():
        larger = [
            other for other in holders[next(iter(own.rounds))] if own.rounds < held[other].rounds
        ]
        if larger:
            found[path] = max(larger, key=lambda other: len(held[other].rounds))
    return found


def _held(path: Path) -> Held:
    """Find what a file holds: nothing where it cannot be read, which is said when it is added."""
    rounds = set[int]()
    try:
        content = checked_document(load.document_of(path))
        for entry in content.benchmarks:
            rounds |= _rounds(load.lifted(entry))
    except (UnreadableError, TypeError, ValueError):
        return Held(frozenset(), is_whole=False)
    return Held(frozenset(rounds), is_whole=content.shard is None)


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
