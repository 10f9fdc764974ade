"""The work of a node: keeps a session that measures, and returns what it measured."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.cluster.linked import LinkedProcess, ProcessEndedError, ended_in_words
from bench.session import results
from bench.session.journal import Journal

# Seconds for imports and the collection of the plan.
STARTING = 300.0
# Seconds for the peaks of the machine.
CONDITIONS = 120.0
# The exit status of a pytest that does not take its options.
USAGE = 4


class SessionError(RuntimeError):
    """A session that measures could not begin; the message says why.

    Args:
        reason: what it wrote, after a line that says how it ended unless that is wrong usage.
        is_usage: whether pytest does not take its options.
    """

    def __init__(self, reason: str, *, is_usage: bool) -> None:
        super().__init__(reason)
        self.is_usage = is_usage


class MeasuringSession:
    """A process of `pytest bench` that has collected the plan and serves requests.

    Args:
        words: options of `pytest bench`.
        folder: where it runs: the code.

    Attributes:
        described: the plan, and how it is measured.
    """

    def __init__(self, words: Sequence[str], folder: Path) -> None:
        pytest = (sys.executable, "-m", "pytest", "bench", "--benchmark-only", "--collect-only")
        self._process = LinkedProcess(
            lambda link, files: (
                *(*pytest, "-qq", "-p", "no:cacheprovider", "-p", "bench.cluster.serving"),
                *(f"--serve={link}", f"--files={files}", *words),
            ),
            folder,
        )
        self._has_served = False
        try:
            self.described: Mapping[str, Any] = self._process.received(STARTING)
        except ProcessEndedError as error:
            is_usage = self._process.status == USAGE
            said = self._process.said()
            reason = said if is_usage else f"{error}\n{said}".rstrip()
            self._process.end()
            raise SessionError(reason, is_usage=is_usage) from None

    def ask(self, request: Mapping[str, Any], limit: float | None) -> tuple[Path, str | None]:
        """Serve a request.

        Args:
            request: what is asked for.
            limit: seconds after which it is ended; None for no limit.

        Returns:
            Where it left what it measured, and why it came to no good end, None if it did.
        """
        self._has_served = True
        path = self._process.files / "results.json"
        for old in (path, results.journal_path(path)):
            old.unlink(missing_ok=True)
        try:
            self._process.send({**request, "path": str(path)})
            status = self._process.received(limit)
        except ProcessEndedError as error:
            return path, str(error)
        return path, ended_in_words(status, self._process.said()) if status else None

    @property
    def is_ready(self) -> bool:
        """Whether it can serve another request."""
        return (self.described["is_copied"] or not self._has_served) and self._process.is_alive

    def end(self) -> None:
        """End it, with what it does."""
        self._process.end()


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
            return {"refused" if error.is_usage else "broken": str(error)}
        except OSError as error:
            return {"broken": str(error)}

    def close(self) -> None:
        """End the session and delete its files."""
        if self._session is not None:
            self._session.end()
            self._session = None

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
        journal = Journal(results.journal_path(path))
        if fault and not journal.has_begun:  # it could not even write that it began
            return {"broken": fault}
        entries = journal.look()
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
            self.close()
            self._session = MeasuringSession(self._words, Path.cwd())
        return self._session
