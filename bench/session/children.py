"""pytest's hooks around a run in several processes: start each, then join what they measured."""

import glob
import signal
import sys
from pathlib import Path

import pytest

from bench.session import child, merging, processes, results
from bench.session.entries import Entries
from bench.session.journal import Journal, JournalError
from bench.session.plugin import PROGRESS
from bench.session.progress import Progress
from bench.session.selection import take_finished
from reports.sources.files import shown_path

# What the journals of all processes of a run begin with; each has a part of the time alone.
OF_ALL = ("commit", "code", "timer")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Run the plan in each process, and take what they measured out of this one's plan."""
    progress = _progress(session.config)
    if progress is None or _stops_before(session):
        return
    if not progress.is_complete:
        _measure(progress, session.config)
    take_finished(progress, session.items)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Delete the journals of the processes, once all that they hold is in the results file."""
    progress = _progress(session.config)
    if progress and progress.is_published and progress.is_complete:
        for path in _journals(progress.path):
            path.unlink()


def _progress(config: pytest.Config) -> Progress | None:
    """Return the progress of a run that starts processes, None for any other."""
    return config.stash.get(PROGRESS, None) if processes.is_parent(config.option) else None


def _stops_before(session: pytest.Session) -> bool:
    """Say whether pytest will stop since it could not collect all."""
    return bool(session.testsfailed) and not session.config.option.continue_on_collection_errors


def _journals(path: Path) -> list[Path]:
    """Return the journals of all processes that are there, of this run or of another."""
    pattern = results.journal_path(path.with_name(f"{glob.escape(path.name)}.process-*"))
    return sorted(path.parent.glob(pattern.name))


def _measure(progress: Progress, config: pytest.Config) -> None:
    """Run each process that has not measured its plan yet, and keep the joined results."""
    if not progress.is_resumed:
        _put_aside(progress.path, config)
    count, parts = config.option.processes, dict[int, Entries]()
    for number in range(1, count + 1):
        path = results.journal_path(processes.of_process(progress.path, number))
        parts[number] = _look(path, progress)
        if not _is_whole(parts[number], progress):
            _say(config, f"process {number} of {count}", is_heading=True)
            status = _run(config, number)
            parts[number] = _look(path, progress)
            if status == pytest.ExitCode.INTERRUPTED or not _is_whole(parts[number], progress):
                _stop(f"process {number} of {count}", status)
    partial = merging.join(progress, parts)
    if partial:
        _say(config, merging.in_words(partial))


def _put_aside(path: Path, config: pytest.Config) -> None:
    """Keep the journals of an unfinished run that is not resumed under their date."""
    for journal in _journals(path):
        if Journal(journal).is_interrupted:
            kept = shown_path(results.put_aside(journal))
            _say(config, f"an interrupted process was not resumed: its journal is kept as {kept}")
        else:
            journal.unlink()


def _look(path: Path, progress: Progress) -> Entries:
    """Return what a process has measured, with the same code as this one."""
    same = {key: progress.header.get(key) for key in OF_ALL}
    try:
        return Journal(path).look(same)
    except JournalError as error:
        raise pytest.UsageError(f"--resume: {error}. Leave out --resume to begin again") from error


def _is_whole(entries: Entries, progress: Progress) -> bool:
    return entries.finished >= set(progress.plan)


def _run(config: pytest.Config, number: int) -> int:
    """Run one process with the arguments of this one, and return its exit status."""
    given = config.invocation_params
    place = f"--process={number}/{config.option.processes}"
    try:
        return child.run_bound(
            lambda lifeline: [
                *(sys.executable, "-m", "pytest", place, f"--lifeline={lifeline}"),
                *map(str, given.args),
            ],
            given.dir,
        )
    except KeyboardInterrupt:
        return pytest.ExitCode.INTERRUPTED


def _stop(name: str, status: int) -> None:
    """End this run, since one of its processes ended before its plan did."""
    if status < 0:
        how, status = f"was killed by {signal.Signals(-status).name}", pytest.ExitCode.TESTS_FAILED
    elif status == pytest.ExitCode.INTERRUPTED:
        how = "was interrupted"
    else:
        how = f"left cases out and ended with status {status}"
        status = status or pytest.ExitCode.TESTS_FAILED
    pytest.exit(f"{name} {how}: the same command with --resume goes on", returncode=status)


def _say(config: pytest.Config, words: str, *, is_heading: bool = False) -> None:
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is None:
        return
    if is_heading:
        terminal.section(words)
    else:
        terminal.write_line(words, yellow=True)
    terminal.flush()  # a process writes to the same terminal next
