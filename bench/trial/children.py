"""The processes of a trial: they measure, and make the page."""

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.session import child
from bench.trial.errors import TrialError

# pytest's exit statuses of a run that came to its end: all measured, or some cases failed.
MEASURED, WITH_FAILURES = 0, 1
INTERRUPTED = 2
REFUSED = 4  # its options, or the journal that it should resume


def measure(words: Sequence[str], path: Path, root: Path, *, resumes: bool) -> bool:
    """Run `pytest bench` in a new process.

    Args:
        words: its options.
        path: the results file.
        root: the top folder of the clone.
        resumes: whether what an earlier run finished is not measured again.

    Returns:
        Whether all could be measured.

    Raises:
        TrialError: if it did not come to its end.
        KeyboardInterrupt: if it was interrupted.
    """
    command = [
        *(sys.executable, "-m", "pytest", "bench", "--benchmark-only", *words),
        *(f"--benchmark-json={path}", *["--resume"] * resumes),
    ]
    before = _written(path)
    status = child.run(command, root, _environment(root))
    if status == INTERRUPTED:
        raise KeyboardInterrupt
    if status not in (MEASURED, WITH_FAILURES) or _written(path) == before:
        hint = ", for the reason above" if status == REFUSED else "; --resume goes on after it"
        raise TrialError(f"a run of pytest bench ended with status {status}{hint}")
    return status == MEASURED


def make_page(results: Path, page: Path, root: Path) -> None:
    """Make the page about results in a new process.

    Args:
        results: the results file.
        page: the file of the page.
        root: the top folder of the clone.

    Raises:
        TrialError: if there is no page.
    """
    words = ["-m", "reports", results.as_posix(), "-o", page.as_posix()]
    status = child.run([sys.executable, *words], root, _environment(root))
    if status:
        raise TrialError(f"the page could not be made; try again: {shlex.join(['python', *words])}")


def _environment(root: Path) -> dict[str, str]:
    """Find the clone, and modules of the user's own as this process finds them."""
    paths = [str(root), str(Path.cwd()), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def _written(path: Path) -> int | None:
    return path.stat().st_mtime_ns if path.exists() else None
