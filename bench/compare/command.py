"""What `python -m bench.compare` does once its options are known."""

import json
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from bench.compare import native, pair, progress, revision, turns, verdict
from bench.compare.errors import ComparisonUsageError, NotComparableError, UnfinishedError
from bench.compare.kept import SIDES, KeptRuns
from bench.compare.options import CompareOptions
from bench.compare.sides import Side, SideName
from bench.fingerprint import fingerprint
from bench.session import closing, results
from bench.session.display import Display
from reports.sources.files import shown_path
from reports.sources.writing import UnwritableError

# pytest's exit statuses of a run that came to its end: all measured, or some cases failed.
ENDED = (0, 1)
INTERRUPTED = 2
SHOWN_DIGITS = 10  # of a commit

Sides = Mapping[SideName, Side]


def run(options: CompareOptions, root: Path) -> int:
    """Measure both sides and compare them.

    Args:
        options: what the command line asks for.
        root: the top folder of this tree.

    Returns:
        The exit status.

    Raises:
        ComparisonUsageError: if the options cannot be followed.
        NotComparableError: if a side could not be measured, or the results cannot be compared.
        KeyboardInterrupt: if the user stops it; what is finished is kept.
    """
    before = revision.commit_of(root, options.revision)
    after, is_changed = revision.commit_of(root, "HEAD"), revision.is_changed(root)
    about: dict[str, Any] = {
        "revisions": {
            "before": {"name": options.revision, "commit": before},
            "after": {"commit": after, "dirty": is_changed},
        },
        "options": list(options.words),
    }
    changes = "with changes that are not committed" if is_changed else "as committed"
    names: dict[SideName, str] = {
        "before": f"{options.revision} ({before[:SHOWN_DIGITS]})",
        "after": f"this tree ({after[:SHOWN_DIGITS]}, {changes})",
    }
    with _sides(options, root, before, names) as sides:
        code = fingerprint(root)
        kept = KeptRuns(options.folder)
        same = {"revision": before, "commit": after, "this tree": code}
        same |= {"options": list(options.words), "python": str(options.python)}
        aside = kept.begin(same, resumes=options.resumes)
        if aside:
            print(f"An earlier comparison is kept as {shown_path(aside)}.")

        def check() -> None:
            if fingerprint(root) != code:
                raise NotComparableError("this tree was changed while it was measured")

        count = measure(sides, options, kept, check)
    return conclude(options, kept, {**about, "processes": count, "folder": str(options.folder)})


@contextmanager
def _sides(
    options: CompareOptions, root: Path, before: str, names: Mapping[SideName, str]
) -> Iterator[Sides]:
    """Make and check both sides; the worktree is gone after the block."""
    with revision.worktree(root, before) as tree:
        sides: dict[SideName, Side] = {
            "before": Side("before", names["before"], tree, options.python),
            "after": Side("after", names["after"], root),
        }
        for side in sides.values():
            print(f"{side.name}: {side.label}", flush=True)
        sides["after"].check(options.words)
        # Without its kernels the plan of the revision lacks what they compute.
        print(native.provide(root, tree, options.python), flush=True)
        sides["before"].check(options.words)
        yield sides


def measure(
    sides: Sides, options: CompareOptions, kept: KeptRuns, check: Callable[[], None]
) -> int:
    """Run the processes of both sides in pairs, without those that are finished.

    Args:
        sides: both, by name.
        options: what the command line asks for.
        kept: the processes that are finished; changed in place.
        check: raises an error if this tree was changed; called after each pair.

    Returns:
        How many processes each side has.

    Raises:
        UnfinishedError: if a process did not come to its end.
        NotComparableError: if this tree was changed.
        KeyboardInterrupt: if a process was interrupted.
    """
    count = 0
    for number in turns.pairs(options.processes):
        if turns.is_time_over(number, kept.seconds_before(number), options.minutes):
            break
        left = [name for name in turns.turns(number) if not kept.is_finished(name, number)]
        if left:
            _measure_pair([sides[name] for name in left], number, options, kept)
            check()
        count = number
    return count


def _measure_pair(
    sides: Sequence[Side], number: int, options: CompareOptions, kept: KeptRuns
) -> None:
    """Measure the processes of a pair that are left, and keep those that came to their end."""
    of_all = f" of {options.processes}" if options.processes else ""
    paths = [kept.path(side.name, number) for side in sides]
    processes = [
        pair.SideProcess(side, options.words, path, log=path.with_suffix(".log"))
        for side, path in zip(sides, paths, strict=True)
    ]
    followed = _followed(paths, number, options, kept)
    start = monotonic()
    with progress.shown(followed, Display(), f"pair {number}{of_all}"):
        statuses = pair.run(processes)
    seconds = (monotonic() - start) / len(sides)
    ended = list(zip(processes, statuses, strict=True))
    for process, status in ended:
        if status in ENDED and process.path.exists():
            kept.finish(process.side.name, number, seconds)
    if INTERRUPTED in statuses:
        raise KeyboardInterrupt
    for process, status in ended:
        if not kept.is_finished(process.side.name, number):
            raise UnfinishedError(
                f"process {number}{of_all} of {process.side.label} ended with status {status}. "
                f"It wrote {shown_path(process.log)}"
            )


def _followed(
    paths: Sequence[Path], number: int, options: CompareOptions, kept: KeptRuns
) -> progress.PairProgress:
    """Return what tells how far a pair is, and how long the comparison still takes."""
    left = None
    if options.minutes is not None:
        left = 60 * options.minutes - kept.seconds_before(number)
    return progress.PairProgress(
        paths,
        later=options.processes - number if options.processes else None,
        earlier=kept.seconds_of_pairs(number),
        end=left,
    )


def conclude(options: CompareOptions, kept: KeptRuns, about: Mapping[str, Any]) -> int:
    """Join the processes of each side, compare the sides, and say and write what changed.

    Args:
        options: what the command line asks for.
        kept: the processes that are finished.
        about: what was compared, with `processes`, how many each side has.

    Returns:
        The exit status.

    Raises:
        NotComparableError: if the results cannot be compared.
        ComparisonUsageError: if the comparison cannot be written.
    """
    numbers = range(1, about["processes"] + 1)
    parts = [[kept.path(name, number) for number in numbers] for name in SIDES]
    before, after = (kept.folder / f"{name}.json" for name in SIDES)
    verdict.join_files(parts, (before, after))
    comparison, problems = verdict.compared(before, after, options.threshold)
    status, words = verdict.judged(comparison, problems, allows_missing=options.allows_missing)
    document = verdict.document({**about, "status": status}, comparison, problems)
    try:
        aside = results.save(options.output, document, keeps_older=not _is_of_this(options))
    except (OSError, UnwritableError) as error:
        raise ComparisonUsageError(f"cannot write {shown_path(options.output)}: {error}") from error
    print(f"\n{words}\n")
    kept_as = f"; an earlier one is kept as {shown_path(closing.short(aside))}" if aside else ""
    print(f"Comparison: {shown_path(closing.short(options.output))}{kept_as}")
    print(f"Processes:  {shown_path(closing.short(kept.folder))}, with what each wrote in its .log")
    print(f"Report:     {_report(closing.short(before), closing.short(after), options)}")
    return status


def _is_of_this(options: CompareOptions) -> bool:
    """Say whether the verdicts that are there are of this comparison, with fewer processes."""
    try:
        found = json.loads(options.output.read_text(encoding="utf-8"))
        return options.resumes and found["folder"] == str(options.folder)
    except (OSError, ValueError, LookupError, TypeError):
        return False


def _report(before: Path, after: Path, options: CompareOptions) -> str:
    """Return the command that draws a comparison, with the same numbers and exit status."""
    gate = ["--baseline", str(before), "--fail-if-slower", f"{100 * options.threshold:g}%"]
    if options.allows_missing:
        gate.append("--allow-missing")
    page = ("-o", str(after.with_suffix(".html")))
    return shlex.join(["python", "-m", "reports", str(after), *gate, *page])
