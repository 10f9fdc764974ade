"""What `python -m bench.cluster` does once its options are known."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.cluster import code, connection, kinds
from bench.cluster.book import Book
from bench.cluster.connection import connected
from bench.cluster.errors import ClusterError, ClusterUsageError
from bench.cluster.linked import environment
from bench.cluster.nodes import RayPlaces
from bench.cluster.options import NAME, ClusterOptions
from bench.cluster.places import Place
from bench.cluster.survey import ONLY, survey
from bench.cluster.sweep import ClusterSweep
from bench.cluster.worker import SweepWork
from bench.session import closing, collection, merging
from bench.session.display import Display
from reports.sources.files import shown_path
from reports.sources.writing import UnwritableError
from reports.text import units

# How far a run is that was stopped early.
NOTHING_BEGUN = "no node has begun"
NOTHING_DONE = "no record is finished yet"


def run(options: ClusterOptions, root: Path) -> int:
    """Measure on a cluster, and write the results.

    Args:
        options: what the command line asks for.
        root: the top folder of the clone.

    Returns:
        The exit status.

    Raises:
        ClusterUsageError: if the options cannot be followed.
        ClusterError: if the cluster could not finish.
        KeyboardInterrupt: if the user stops it; what is finished is kept, and the message says it.
    """
    display = Display()
    with code.copied(root, options.files) as folder:
        sweep, stopped = _measured(options, folder, display)
    # One kind of nodes may be finished when another one cannot go on.
    finished = [book for book in sweep.books.values() if book.is_finished]
    statuses = [_conclude(book, sweep, display) for book in finished]
    faults = dict.fromkeys(sweep.faults)
    if stopped or not statuses:
        raise ClusterError("; ".join([str(stopped or "no node could measure"), *faults]))
    for kind in sweep.missing:
        display.say(f"{kind}: not measured: {'; '.join(faults)}")
    return 1 if sweep.missing else max(statuses)


def _measured(
    options: ClusterOptions, folder: Path, display: Display
) -> tuple[ClusterSweep, ClusterError | None]:
    """Measure on the nodes, which get the code in a folder; say why it ended early, if it did."""
    needed = {**options.runtime_env, "working_dir": str(folder)}
    sweep, stopped = None, None
    try:
        connection.check(options.address, needed)
        _check_words(options.words, folder)
        with connected(options.address, needed):
            places = RayPlaces(SweepWork(options.words))
            sweep, found = _planned(places, options, display)
            try:
                sweep.scheduler.run(found)
            except ClusterError as error:
                stopped = error
            finally:
                display.end()
                places.close()
    except KeyboardInterrupt:  # also where all is measured and the nodes are left
        raise KeyboardInterrupt(_progress(sweep) if sweep else NOTHING_BEGUN) from None
    return sweep, stopped


def _planned(
    places: RayPlaces, options: ClusterOptions, display: Display
) -> tuple[ClusterSweep, list[Place]]:
    """Look at the nodes; return the sweep, and the places that there are."""
    found, why_not = survey(
        places,
        display,
        only=options.only,
        installs=bool(options.runtime_env),
        mixes_kinds=options.per_hardware,
        way_out=f"--per hardware, or {ONLY}",
    )
    sweep = ClusterSweep(
        places,
        _namer(options),
        why_not,
        count=options.processes,
        display=display,
        resumes=options.resumes,
    )
    return sweep, found


def _check_words(words: Sequence[str], folder: Path) -> None:
    """Refuse options that pytest does not take before any node is asked, as its own session would.

    A process of its own does it, since the driver imports no TensorFlow. Where that fails for
    another reason than the options, the nodes say what they can do.
    """

    def ask(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=folder,
            env=environment(folder),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    refused = collection.refusal(ask, words) if words else None
    if refused and refused.is_of_options:
        raise ClusterUsageError(f"behind --: this tree {refused.words}")


def _progress(sweep: ClusterSweep) -> str:
    """Say how much is measured and kept."""
    done = sum(book.done for book in sweep.books.values())
    total = sum(book.total for book in sweep.books.values())
    return f"{done} of {units.counted(total, 'record')} are kept" if done else NOTHING_DONE


def _namer(options: ClusterOptions) -> Callable[[Place], Path]:
    """Return what names the results file of a place; two kinds never share one."""

    def path_of(place: Place) -> Path:
        name = f"{kinds.file_name(place)}.json" if options.per_hardware else NAME
        return options.folder / name

    return path_of


def _conclude(book: Book, sweep: ClusterSweep, display: Display) -> int:
    """Write a results file and say what is in it; return the exit status."""
    try:
        partial = book.publish(sweep.machines[book.group])
    except (OSError, UnwritableError) as error:
        raise ClusterError(
            f"the results could not be written: {error}. All finished records are in the journal "
            f"next to {shown_path(book.path)}"
        ) from error
    short = closing.short(book.path)
    for line in closing.lines(book.path, short, book.spent, _words(short)):
        display.say(line)
    if partial:
        display.say(merging.in_words(partial))
    if book.unmeasured:
        display.say(f"{book.unmeasured} of {len(book.plan)} records could not be measured")
    return 1 if book.unmeasured else 0


def _words(path: Path) -> Sequence[str]:
    return [str(path), "-o", str(path.with_suffix(".html"))]
