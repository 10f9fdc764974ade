"""What changed between the joined results of two sides: on the terminal, as JSON, as a status."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from bench.compare.documents import joined
from bench.compare.errors import NotComparableError
from reports.sources.files import UnreadableError, read_json, shown_path
from reports.sources.writing import write_json
from reports.sweeps import changes, gate, load
from reports.sweeps.comparison import Comparison, compare
from reports.sweeps.run import SweepRun

# Letters that tell a comparison from others.
LONG_ENOUGH = 16


def join_files(sides: Sequence[Sequence[Path]], targets: Sequence[Path]) -> None:
    """Join the results files of the processes of each side.

    Args:
        sides: of each side the files, in order of process.
        targets: of each side the file to write. Both say that they are of one comparison, whose
            processes alternated.

    Raises:
        NotComparableError: if one cannot be read or does not belong to the others.
    """
    documents = [joined(_documents(paths)) for paths in sides]
    # The same for the same rounds: a comparison that is written again is no other run.
    comparison = hashlib.sha256(json.dumps(documents, sort_keys=True).encode()).hexdigest()
    for document, target in zip(documents, targets, strict=True):
        write_json(target, {**document, "comparison": comparison[:LONG_ENOUGH]})


def _documents(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Read the results files of the processes of one side."""
    documents = []
    for path in paths:
        try:
            document = read_json(path, "measure again")
        except UnreadableError as error:
            raise NotComparableError(f"{shown_path(path)}: {error}") from error
        if not isinstance(document, dict):
            raise NotComparableError(f"{shown_path(path)}: no results file of this benchmark")
        documents.append(document)
    return documents


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


def judged(
    comparison: Comparison, problems: Sequence[str], *, allows_missing: bool
) -> tuple[int, str]:
    """Judge a comparison as `python -m reports --fail-if-slower` does.

    Args:
        comparison: of `compared`.
        problems: of `compared`.
        allows_missing: whether records that this tree lacks may pass.

    Returns:
        The exit status: 1 if a record is slower; 3 if none is, but not all could be compared;
        otherwise 0. And for the terminal what changed, record by record, and what decided.
    """
    status, reason = gate.judge(comparison, allow_missing=allows_missing)
    words = [
        *problems,
        f"{changes.grid(comparison)}\n",
        changes.in_words(comparison),
        *([reason] if reason else []),
    ]
    return status or (gate.NOT_COMPARABLE if problems else gate.PASSED), "\n".join(words)


def document(
    about: Mapping[str, Any], comparison: Comparison, problems: Sequence[str]
) -> dict[str, Any]:
    """Return a comparison as JSON has it.

    Args:
        about: what was compared, how, and the exit status; plain values.
        comparison: of `compared`.
        problems: of `compared`.
    """
    return {
        **about,
        "threshold": comparison.threshold,
        "cases": _rows(comparison.cases),
        "operators": _rows(comparison.operators),
        "differences": comparison.differences,
        "only_after": comparison.only_after,
        "unjudged": [{"fullname": name, "reason": why} for name, why in comparison.unjudged],
        "problems": list(problems),
    }


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain values; what is not known is null."""
    rows: list[dict[str, Any]] = json.loads(table.to_json(orient="records", double_precision=15))
    return rows
