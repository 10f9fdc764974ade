"""What changed between the joined results of two sides: on the terminal, as JSON, as a status."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.compare.documents import joined
from bench.compare.errors import NotComparableError
from reports.sources.files import UnreadableError, read_json, shown_path
from reports.sources.writing import write_json
from reports.sweeps import changes, load
from reports.sweeps.comparison import Comparison, compare
from reports.sweeps.run import SweepRun

# Exit statuses, those of `python -m reports --fail-if-slower`.
FINE, SLOWER, NOT_COMPARABLE = 0, 1, 3


def join_files(paths: Sequence[Path], target: Path) -> Path:
    """Join the results files of the processes of one side.

    Args:
        paths: the files, in order of process.
        target: the file to write.

    Returns:
        The same target.

    Raises:
        NotComparableError: if one cannot be read or does not belong to the others.
    """
    documents = []
    for path in paths:
        try:
            document = read_json(path, "measure again")
        except UnreadableError as error:
            raise NotComparableError(f"{shown_path(path)}: {error}") from error
        if not isinstance(document, dict):
            raise NotComparableError(f"{shown_path(path)}: no results file of this benchmark")
        documents.append(document)
    write_json(target, joined(documents))
    return target


def compared(before: Path, after: Path, threshold: float) -> tuple[Comparison, list[str]]:
    """Compare the joined results of both sides.

    Args:
        before: the results file of the revision.
        after: that of this tree.
        threshold: the smallest change that counts, as a share.

    Returns:
        The comparison, and what of either file could not be used.

    Raises:
        NotComparableError: if nothing can be compared.
    """
    runs: list[SweepRun] = []
    for path in (before, after):
        try:
            runs.append(load.run_of(path))
        except UnreadableError as error:
            raise NotComparableError(f"{shown_path(path)}: {error}") from error
    try:
        comparison = compare(runs[0], runs[1], threshold)
    except ValueError as error:
        raise NotComparableError(str(error)) from error
    return comparison, [f"{path}: {reason}" for run in runs for path, reason in run.problems]


def in_words(comparison: Comparison, problems: Sequence[str]) -> str:
    """Say what changed.

    Args:
        comparison: of `compared`.
        problems: of `compared`.
    """
    return "\n".join([*problems, changes.in_words(comparison)])


def status(comparison: Comparison, problems: Sequence[str]) -> int:
    """Return the exit status of a comparison.

    Args:
        comparison: of `compared`.
        problems: of `compared`.

    Returns:
        1 if a case is slower; 3 if none is, but not all could be compared; otherwise 0.
    """
    if len(comparison.slower):
        return SLOWER
    is_whole = len(comparison.cases) and not comparison.unjudged and not problems
    return FINE if is_whole else NOT_COMPARABLE


def write(
    path: Path, about: Mapping[str, Any], comparison: Comparison, problems: Sequence[str]
) -> None:
    """Write a comparison as JSON.

    Args:
        path: the file.
        about: what was compared, and how; plain values.
        comparison: of `compared`.
        problems: of `compared`.

    Raises:
        UnwritableError: if the path is that of something else than a regular file.
        OSError: if it cannot be written.
    """
    document = {
        **about,
        "threshold": comparison.threshold,
        "status": status(comparison, problems),
        # By pandas: an interval that is not known has ends that are null.
        "cases": json.loads(comparison.cases.to_json(orient="records", double_precision=15)),
        "differences": comparison.differences,
        "only_after": comparison.only_after,
        "unjudged": [{"fullname": name, "reason": why} for name, why in comparison.unjudged],
        "problems": list(problems),
    }
    write_json(path, document)
