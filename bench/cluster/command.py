"""What `python -m bench.cluster` does once its options are known."""

from collections.abc import Callable, Sequence
from pathlib import Path

from bench.cluster import code, kinds
from bench.cluster.book import Book
from bench.cluster.connection import connected
from bench.cluster.display import Display
from bench.cluster.errors import ClusterError
from bench.cluster.nodes import RayPlaces
from bench.cluster.options import NAME, ClusterOptions
from bench.cluster.places import Place
from bench.cluster.survey import ONLY, survey
from bench.cluster.sweep import ClusterSweep
from bench.cluster.worker import SweepWork
from bench.session import closing, merging
from reports.sources.files import shown_path
from reports.sources.writing import UnwritableError


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
        KeyboardInterrupt: if the user stops it; what is finished is kept.
    """
    display = Display()
    with code.copied(root, options.files) as folder:
        environment = {**options.runtime_env, "working_dir": str(folder)}
        with connected(options.address, environment):
            places = RayPlaces(SweepWork(options.words))
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
            stopped = None
            try:
                sweep.scheduler.run(found)
            except ClusterError as error:
                stopped = error
            finally:
                display.end()
                places.close()
    # One kind of nodes may be finished when another one cannot go on.
    finished = [book for book in sweep.books.values() if book.is_finished]
    statuses = [_conclude(book, sweep, display) for book in finished]
    faults = dict.fromkeys(sweep.faults)
    if stopped or not statuses:
        raise ClusterError("; ".join([str(stopped or "no node could measure"), *faults]))
    for kind in sweep.missing:
        display.say(f"{kind}: not measured: {'; '.join(faults)}")
    return 1 if sweep.missing else max(statuses)


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
            f"the results could not be written: {error}. All finished cases are in the journal "
            f"next to {shown_path(book.path)}: the same command with --resume writes them"
        ) from error
    short = _short(book.path)
    for line in closing.lines(book.path, short, book.spent, _words(short)):
        display.say(line)
    if partial:
        display.say(merging.in_words(partial))
    if book.unmeasured:
        display.say(f"{book.unmeasured} of {len(book.plan)} records could not be measured")
    return 1 if book.unmeasured else 0


def _words(path: Path) -> Sequence[str]:
    return [str(path), "-o", str(path.with_suffix(".html"))]


def _short(path: Path) -> Path:
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
