"""The work of a node: keeps a session that measures, and returns what it measured."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

from bench.session import results
from bench.session.journal import Journal

# Seconds for imports and the collection of the plan.
STARTING = 300.0
# Seconds for the peaks of the machine.
CONDITIONS = 120.0
# Characters of what the session wrote that are kept where it fails.
SAID = 2000


class SessionError(RuntimeError):
    """A session that measures could not begin; the message says why."""


class MeasuringSession:
    """A process of `pytest bench` that has collected the plan and serves requests.

    Args:
        words: options of `pytest bench`.
        folder: where it runs: the code.

    Attributes:
        described: the plan, and how it is measured.
    """

    def __init__(self, words: Sequence[str], folder: Path) -> None:
        self._files = Path(tempfile.mkdtemp(prefix="bench-node-"))
        self._log = self._files / "output.log"
        # Ray deletes a folder of code that it thinks nobody needs; nodes of one host share it.
        code = shutil.copytree(folder, self._files / "code")
        self._link, theirs = Pipe()
        command = [
            *(sys.executable, "-m", "pytest", "bench", "--benchmark-only", "--collect-only", "-qq"),
            *(
                "-p",
                "no:cacheprovider",
                "-p",
                "bench.cluster.serving",
                f"--serve={theirs.fileno()}",
            ),
            *words,
        ]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                cwd=code,
                env=_environment(code),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=(theirs.fileno(),),
                process_group=0,
            )
        theirs.close()
        self._has_served = False
        self.described = self._received(STARTING)
        if not isinstance(self.described, dict):
            said = self._said() or str(self.described)
            self.end()
            raise SessionError(said)

    def ask(self, request: Mapping[str, Any], limit: float | None) -> tuple[Path, str | None]:
        """Serve a request.

        Args:
            request: what is asked for.
            limit: seconds after which it is ended; None for no limit.

        Returns:
            Where it left what it measured, and why it came to no good end, None if it did.
        """
        self._has_served = True
        path = self._files / "results.json"
        for old in (path, results.journal_path(path)):
            old.unlink(missing_ok=True)
        self._link.send({**request, "path": str(path)})
        answer = self._received(limit)
        if answer == 0:
            return path, None
        return path, answer if isinstance(answer, str) else _in_words(answer, self._said())

    @property
    def is_ready(self) -> bool:
        """Whether it can serve another request."""
        is_free = self.described["is_copied"] or not self._has_served
        return is_free and self._process.poll() is None

    def end(self) -> None:
        """End it, with what it does."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._link.close()
        shutil.rmtree(self._files, ignore_errors=True)

    def _received(self, limit: float | None) -> Any:
        """Return its next message; words where it has ended or takes too long."""
        try:
            if self._link.poll(limit):
                return self._link.recv()
        except (EOFError, ConnectionResetError):
            status = self._process.wait()
            return _in_words(status, self._said())
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        return f"took longer than its limit of {limit:g} s"

    def _said(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")[-SAID:].strip()


class SweepWork:
    """Does what the driver asks for; it travels to the node without its session.

    Args:
        words: options of `pytest bench`.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tuple(words)
        self._session: MeasuringSession | None = None

    def __reduce__(self) -> tuple[type["SweepWork"], tuple[tuple[str, ...]]]:
        return SweepWork, (self._words,)

    def __call__(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Serve a request.

        Args:
            request: what is asked for.

        Returns:
            Plain values; with the key `refused` where pytest does not take the options, or `broken`
            where the node is to blame.
        """
        try:
            return self._done(request)
        except SessionError as error:
            return {"refused": str(error)}
        except OSError as error:
            return {"broken": str(error)}

    def _done(self, request: Mapping[str, Any]) -> dict[str, Any]:
        session = self._ready()
        if request["asked"] == "plan":
            return dict(session.described)
        if request["asked"] == "conditions":
            path, fault = session.ask(request, CONDITIONS)
            if fault:
                return {"broken": fault}
            return {"conditions": json.loads(path.read_text(encoding="utf-8"))}
        path, fault = session.ask(request, request["limit"])
        entries = Journal(results.journal_path(path)).look()
        return {
            "benchmarks": entries.benchmarks,
            "unmeasured": entries.unmeasured,
            "at_work": sorted(entries.at_work),
            "spent": entries.spent,
            "fault": fault,
        }

    def _ready(self) -> MeasuringSession:
        """Return a session that can serve a request."""
        if self._session is None or not self._session.is_ready:
            if self._session is not None:
                self._session.end()
                self._session = None
            self._session = MeasuringSession(self._words, Path.cwd())
        return self._session


def _environment(folder: Path) -> dict[str, str]:
    """Return the environment without what Ray set, as in a run of `pytest bench`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}
    given = Path("/proc/self/environ")
    if given.exists() and b"OMP_NUM_THREADS=" not in given.read_bytes():
        kept.pop("OMP_NUM_THREADS", None)  # Ray sets it in its own process
    return {**kept, "PYTHONPATH": str(folder)}


def _in_words(status: int, said: str) -> str:
    """Say how a process ended, and the last that it wrote."""
    if status < 0:
        return f"its process was killed by {signal.Signals(-status).name}"
    last = said.splitlines()[-1] if said else "it wrote nothing"
    return f"its process ended with status {status}: {last}"
