"""A process on a node, and the connection over which it gets and returns plain values."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

# Characters of what the process wrote that are kept where it fails.
SAID = 2000


class ProcessEndedError(RuntimeError):
    """A process ended before it answered, or took too long; the message says how."""


class LinkedProcess:
    """A new process with a connection to this one.

    Args:
        command: returns the program and its arguments for a file descriptor, which is that of the
            process's end of the connection, and for its folder of files.
        folder: where it runs: the code.

    Attributes:
        files: a folder of its own, which is gone when it has ended.
    """

    def __init__(self, command: Callable[[int, Path], Sequence[str]], folder: Path) -> None:
        self.files = Path(tempfile.mkdtemp(prefix="bench-node-"))
        self._log = self.files / "output.log"
        self._link, theirs = Pipe()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command(theirs.fileno(), self.files),
                cwd=folder,
                env=environment(folder),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=(theirs.fileno(),),
                process_group=0,
            )
        theirs.close()

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    @property
    def status(self) -> int | None:
        """Its exit status, negative where a signal ended it; None while it runs."""
        return self._process.poll()

    def send(self, value: Any) -> None:
        """Send it a value.

        Args:
            value: anything that can be pickled.

        Raises:
            ProcessEndedError: if it has ended.
        """
        try:
            self._link.send(value)
        except OSError:
            raise ProcessEndedError(self._end_in_words()) from None

    def received(self, limit: float | None = None) -> Any:
        """Return the next value that it sends.

        Args:
            limit: seconds after which it is ended; None for no limit.

        Raises:
            ProcessEndedError: if it ends before it sends one, or takes too long.
        """
        try:
            if self._link.poll(limit):
                return self._link.recv()
        except (EOFError, OSError):
            raise ProcessEndedError(self._end_in_words()) from None
        self._kill()
        raise ProcessEndedError(f"took longer than its limit of {limit:g} s")

    def said(self) -> str:
        """Return the end of what it wrote."""
        return self._log.read_text(encoding="utf-8", errors="replace")[-SAID:].strip()

    def end(self) -> None:
        """End it, with what it does."""
        self._kill()
        self._link.close()
        shutil.rmtree(self.files, ignore_errors=True)

    def _kill(self) -> None:
        if self.is_alive:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _end_in_words(self) -> str:
        return ended_in_words(self._process.wait(), self.said())


def ended_in_words(status: int, said: str) -> str:
    """Say how a process ended, and the last that it wrote.

    Args:
        status: its exit status, negative where a signal ended it.
        said: what it wrote.
    """
    if status < 0:
        return f"its process was killed by {signal.Signals(-status).name}"
    last = said.splitlines()[-1] if said else "it wrote nothing"
    return f"its process ended with status {status}: {last}"


def environment(folder: Path) -> dict[str, str]:
    """Return the environment without what Ray set, as where no cluster is.

    Args:
        folder: the code, which is imported before any that is installed.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}
    given = Path("/proc/self/environ")
    if given.exists() and b"OMP_NUM_THREADS=" not in given.read_bytes():
        kept.pop("OMP_NUM_THREADS", None)  # Ray sets it in its own process
    paths = (str(folder), kept.get("PYTHONPATH"))
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
