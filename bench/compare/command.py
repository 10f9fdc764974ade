"""What `python -m bench.compare` does once its options are known."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from bench.compare import native, pair, revision, turns, verdict
from bench.compare.errors import ComparisonUsageError, NotComparableError
from bench.compare.kept import KeptRuns
from bench.compare.options import CompareOptions
from bench.compare.sides import Side, SideName
from reports.sources.files import shown_path
from reports.sources.writing import UnwritableError

# pytest's exit statuses of a run that came to its end: all measured, or some cases failed.
ENDED = (0, 1)
INTERRUPTED = 2
SHOWN_DIGITS = 10  # of a commit
SHOWN: SideName = "after"  # whose process writes to the terminal; that of the other, to a file

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
    with _sides(options, root, before) as sides:
        code = _code(root)
        kept = KeptRuns(options.folder)
        same = {"revision": before, "commit": after, "this tree": code}
        same |= {"options": list(options.words), "python": str(options.python)}
        aside = kept.begin(same, resumes=options.resumes)
        if aside:
            print(f"An earlier comparison is kept as {shown_path(aside)}.")

        def check() -> None:
            if _code(root) != code:
                raise NotComparableError("this tree was changed while it was measured")

        count = measure(sides, options, kept, check)
    return conclude(options, kept, {**about, "processes": count, "folder": str(options.folder)})


@contextmanager
def _sides(options: CompareOptions, root: Path, before: str) -> Iterator[Sides]:
    """Make and check both sides; the worktree is gone after the block."""
    changes = "with changes that are not committed" if revision.is_changed(root) else "as committed"
    head = revision.commit_of(root, "HEAD")[:SHOWN_DIGITS]
    with revision.worktree(root, before) as tree:
        sides: dict[SideName, Side] = {
            "before": Side(
                "before", f"{options.revision} ({before[:SHOWN_DIGITS]})", tree, options.python
            ),
            "after": Side("after", f"this tree ({head}, {changes})", root),
        }
        for side in sides.values():
            print(f"{side.name}: {side.label}", flush=True)
        sides["after"].check(options.words)
        # Without its kernels the plan of the revision lacks what they compute.
        print(native.provide(root, tree, options.python), flush=True)
        sides["before"].check(options.words)
        yield sides


def _code(root: Path) -> dict[str, str | None]:
    """Identify what is measured as this tree."""
    return {"sources": revision.fingerprint(root), "native kernels": native.fingerprint(root)}


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
        NotComparableError: if a process did not come to its end.
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
    labels = " and ".join(side.label for side in sides)
    print(f"\n--- process {number}{of_all} of {labels} ---", flush=True)
    *hidden, shown = sorted(sides, key=lambda side: side.name == SHOWN)
    logs = {side.name: kept.path(side.name, number).with_suffix(".log") for side in hidden}
    if logs:
        print(f"Shown: {shown.label}. The other: {shown_path(*logs.values())}", flush=True)
    processes = [
        pair.SideProcess(side, options.words, kept.path(side.name, number), log=logs.get(side.name))
        for side in sides
    ]
    start = monotonic()
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
            said = f". It wrote {shown_path(process.log)}" if process.log else ""
            raise NotComparableError(
                f"process {number}{of_all} of {process.side.label} ended with status {status}; "
                f"--resume goes on{said}"
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
    names: tuple[SideName, SideName] = ("before", "after")
    before, after = (
        verdict.join_files(
            [kept.path(name, number) for number in range(1, about["processes"] + 1)],
            kept.folder / f"{name}.json",
        )
        for name in names
    )
    comparison, problems = verdict.compared(before, after, options.threshold)
    status, words = verdict.judged(comparison, problems, allows_missing=options.allows_missing)
    print(f"\n{words}")
    try:
        verdict.write(options.output, {**about, "status": status}, comparison, problems)
    except (OSError, UnwritableError) as error:
        raise ComparisonUsageError(f"cannot write {shown_path(options.output)}: {error}") from error
    print(f"Comparison: {shown_path(options.output)}")
    print(f"Processes:  {shown_path(kept.folder)}")
    return status
