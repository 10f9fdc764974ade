"""The results files of several processes, joined to one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench.compare.errors import NotComparableError
from bench.session import merging
from reports.sweeps.document import spent_together
from reports.sweeps.load import point

Entry = Mapping[str, Any]
# What must be equal for rounds of two processes to be rounds of one run.
SHARED = ("suite", "machine_info")
LONGEST = 100


def joined(documents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Join the results files of processes that ran the same plan.

    Args:
        documents: the files' contents in order of process, one or more; of any format.

    Returns:
        The content of one results file, as `pytest bench --processes` writes it.

    Raises:
        NotComparableError: if they were measured in different ways or on different machines, or
            lack keys that every results file has.
    """
    first, count = documents[0], len(documents)
    try:
        for number, other in enumerate(documents, start=1):
            for key in SHARED:
                _check_equal(key, first[key], other[key], number)
        entries, lost = _cases(documents)
        suite = {**first["suite"], "processes": count}
    except (KeyError, TypeError, AttributeError) as error:
        raise NotComparableError(f"no results file of this benchmark: {error!r}") from error
    if "max_time" in suite:  # of all processes together, as `--processes` writes it
        suite["max_time"] *= count
    spent = spent_together([each.get("spent") or {} for each in documents])
    parts = {"suite": suite, "spent": spent, "benchmarks": entries, "unmeasured": lost}
    return {**first, **parts}


def _cases(
    documents: Sequence[Mapping[str, Any]],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the entries of all cases that some process measured, and records of the others."""
    count = len(documents)
    benchmarks = [_by_name(each["benchmarks"]) for each in documents]
    failures = [_by_point(each.get("unmeasured") or []) for each in documents]
    entries, points = [], set()
    for name in _keys(benchmarks):
        measured = _having(benchmarks, name)
        at = point(next(iter(measured.values()))["extra_info"])
        points.add(at)
        entries.append(merging.merged(measured, _having(failures, at), count))
    lost = [
        merging.unmeasured(_having(failures, at), count)
        for at in _keys(failures)
        if at not in points
    ]
    return entries, lost


def _check_equal(key: str, expected: Entry, received: Entry, number: int) -> None:
    for name in sorted(expected.keys() | received.keys()):
        wanted, found = expected.get(name), received.get(name)
        if wanted != found:
            raise NotComparableError(
                f"process {number} differs from process 1 in {key}, {name}. "
                f"Expected {_shortened(wanted)}. Received: {_shortened(found)}"
            )


def _keys(parts: Iterable[Mapping[Any, Entry]]) -> list[Any]:
    return list(dict.fromkeys(key for part in parts for key in part))


def _having(parts: Sequence[Mapping[Any, Entry]], key: object) -> dict[int, Entry]:
    """Return by number of the process what the processes have under a key."""
    return {number: part[key] for number, part in enumerate(parts, start=1) if key in part}


def _by_name(entries: Iterable[Entry]) -> dict[str, Entry]:
    return {entry["fullname"]: entry for entry in entries}


def _by_point(records: Iterable[Entry]) -> dict[object, Entry]:
    return {point(record): record for record in records}


def _shortened(value: object) -> str:
    words = repr(value)
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}..."
