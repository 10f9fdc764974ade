"""What several processes measured of the same cases, joined to one record for each case."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pytest_benchmark.stats import Stats

from bench.session.entries import Entries
from bench.session.journal import checked_entry
from bench.session.progress import Progress
from reports.sweeps.record import Stopped
from reports.text import units

# Lists that are joined, besides `stats.data`.
LISTS = ("baseline_seconds", "device_seconds")
# From the best reason to stop to the worst.
STOPPED: tuple[Stopped, ...] = ("decided", "precise", "time")

Entry = Mapping[str, Any]
ABSENT: Entry = {"notes": ["not measured"]}


def in_words(partial: int) -> str:
    """Say that some processes could not measure all cases.

    Args:
        partial: what `join` returned, above 0.

    Example:
        >>> in_words(1)
        '1 case was measured in some of the processes only: see the notes'
    """
    verb = "was" if partial == 1 else "were"
    cases = units.counted(partial, "case")
    return f"{cases} {verb} measured in some of the processes only: see the notes"


def join(progress: Progress, parts: Mapping[int, Entries]) -> int:
    """Keep what all processes measured of each case.

    Args:
        progress: of the whole run; its journal gets the joined cases.
        parts: by number of the process, what it measured of the same plan.

    Returns:
        How many cases some of the processes could not measure.

    Raises:
        JournalError: if an entry lacks something that a resumed run needs.
    """
    count, partial = len(parts), 0
    progress.journal.conditions(parts[1].conditions)
    for test in progress.plan:
        measured = {
            number: part.benchmarks[test]
            for number, part in parts.items()
            if test in part.benchmarks
        }
        failed = {
            number: part.unmeasured[test]
            for number, part in parts.items()
            if test in part.unmeasured
        }
        if not measured:
            progress.journal.unmeasured(test, unmeasured(failed, count))
            continue
        for entry in measured.values():
            checked_entry(entry)
        progress.journal.measured(test, merged(measured, failed, count))
        partial += len(measured) < count
    # These add up: a run that is killed before, and joins again, counts them once.
    for part in parts.values():
        progress.journal.spent(part.spent)
    return partial


def merged(
    measured: Mapping[int, Entry], failed: Mapping[int, Entry], count: int
) -> dict[str, Any]:
    """Join the entries of one benchmark.

    Args:
        measured: by number of the process, entries as pytest-benchmark writes them, one or more.
        failed: by number of the process, records of the processes that could not measure it.
        count: how many processes there were.

    Returns:
        An entry with the rounds of all processes, in order of process. Each value that exists
        once per process is that of the first process that has one.

    Example:
        >>> parts = {
        ...     number: {
        ...         "stats": {"data": rounds, "iterations": 1},
        ...         "extra_info": {"baseline_seconds": [1.0] * len(rounds), "notes": []},
        ...     }
        ...     for number, rounds in {1: [2.0, 2.0], 2: [3.0]}.items()
        ... }
        >>> entry = merged(parts, {}, 2)
        >>> entry["stats"]["data"], entry["extra_info"]["process"]
        ([2.0, 2.0, 3.0], [1, 1, 2])
    """
    numbers = sorted(measured)
    entries = [measured[number] for number in numbers]
    rounds = [entry["stats"]["data"] for entry in entries]
    records = [entry["extra_info"] for entry in entries]
    # A process that has neither rounds nor a reason did not get so far.
    missing = [number for number in range(1, count + 1) if number not in measured]
    notes = {
        **_notes({number: measured[number]["extra_info"] for number in numbers}),
        **_notes({number: failed.get(number, ABSENT) for number in missing}),
    }
    record = {
        **_first(records),
        **{name: _joined(records, name) for name in LISTS if name in records[0]},
        "rounds": sum(map(len, rounds)),
        "process": [number for number, part in zip(numbers, rounds, strict=True) for _ in part],
        "stopped": _least_good(record.get("stopped") for record in records),
        "notes": _union(notes, count),
    }
    stats = {**entries[0]["stats"], **_statistics(_chain(rounds))}
    return {**entries[0], "stats": stats, "extra_info": record}


def unmeasured(failed: Mapping[int, Entry], count: int) -> dict[str, Any]:
    """Join the records of a benchmark that no process could measure.

    Args:
        failed: by number of the process, the records, one or more.
        count: how many processes there were.

    Returns:
        A record with the reasons of all.
    """
    records = [failed[number] for number in sorted(failed)]
    return {**_first(records), "notes": _union(_notes(failed), count)}


def _chain(parts: Iterable[Sequence[Any]]) -> list[Any]:
    return [value for part in parts for value in part]


def _first(records: Sequence[Entry]) -> dict[str, Any]:
    """Return each key's value in the first record in which it is not null."""
    names = dict.fromkeys(name for record in records for name in record)
    return {
        name: next((r[name] for r in records if r.get(name) is not None), None) for name in names
    }


def _joined(records: Sequence[Entry], name: str) -> list[float] | None:
    """Return the rounds of all processes; null if one has none, since rounds would shift."""
    parts = [record.get(name) for record in records]
    return None if any(part is None for part in parts) else _chain(part or [] for part in parts)


def _least_good(reasons: Iterable[Stopped | None]) -> Stopped | None:
    return max((reason for reason in reasons if reason), key=STOPPED.index, default=None)


def _notes(records: Mapping[int, Entry]) -> dict[int, Sequence[str]]:
    return {number: record["notes"] for number, record in records.items()}


def _union(notes: Mapping[int, Sequence[str]], count: int) -> list[str]:
    """Return each note once; one that some processes lack says which have it."""
    places: dict[str, list[int]] = {}
    for number in sorted(notes):
        for note in dict.fromkeys(notes[number]):
            places.setdefault(note, []).append(number)
    return [
        note if len(numbers) == count else f"{note} ({_named(numbers)} of {count})"
        for note, numbers in places.items()
    ]


def _named(numbers: Sequence[int]) -> str:
    word = "in process" if len(numbers) == 1 else "in processes"
    return f"{word} {', '.join(map(str, numbers))}"


def _statistics(rounds: Sequence[float]) -> dict[str, Any]:
    """Return the numbers that pytest-benchmark writes of rounds, and the rounds."""
    stats = Stats()
    for seconds in rounds:
        stats.update(seconds)
    return {**stats.as_dict(), "data": list(rounds)}
