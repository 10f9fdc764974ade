"""The folder of a comparison: a results file for each process, and which are finished."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.compare.errors import ComparisonUsageError
from bench.compare.sides import SideName
from reports.sources.files import shown_path
from reports.sources.writing import free_name, write_json

STATE = "state.json"
SIDES: tuple[SideName, SideName] = ("before", "after")


class KeptRuns:
    """The processes of a comparison that are finished.

    Args:
        folder: where they are.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._state = folder / STATE
        self._compared: dict[str, Any] = {}
        self._seconds: dict[str, float] = {}

    def begin(self, compared: Mapping[str, Any], *, resumes: bool) -> Path | None:
        """Begin a comparison, or resume the one that is there.

        Args:
            compared: what must be equal for that: code and options; plain values.
            resumes: whether to resume; otherwise an earlier comparison is put aside.

        Returns:
            Where an earlier comparison was put, None if there was none or it is resumed.

        Raises:
            ComparisonUsageError: if it compares something else or is damaged.
        """
        aside = None
        self._compared = dict(compared)
        if self._state.exists() and resumes:
            self._seconds = self._resumed()
        elif self._state.exists():
            aside = self._put_aside()
        self._write()
        return aside

    def path(self, side: SideName, number: int) -> Path:
        """Return the results file of a process.

        Args:
            side: "before" or "after".
            number: of the process, from 1.
        """
        return self.folder / f"{side}-{number}.json"

    def is_finished(self, side: SideName, number: int) -> bool:
        """Return whether a process ran to its end.

        Args:
            side: "before" or "after".
            number: of the process, from 1.
        """
        path = self.path(side, number)
        return path.name in self._seconds and path.exists()

    def finish(self, side: SideName, number: int, seconds: float) -> None:
        """Note that a process ran to its end.

        Args:
            side: "before" or "after".
            number: of the process, from 1.
            seconds: how long it took.
        """
        self._seconds[self.path(side, number).name] = seconds
        self._write()

    def seconds_before(self, number: int) -> float:
        """Return how long the finished processes of the pairs before one took.

        Args:
            number: of the pair, from 1.
        """
        names = {self.path(side, each).name for each in range(1, number) for side in SIDES}
        return sum(seconds for name, seconds in self._seconds.items() if name in names)

    def seconds_of_pairs(self, number: int) -> list[float]:
        """Return how long each pair before one took of which both processes are finished.

        Args:
            number: of the pair, from 1.
        """
        found = []
        for each in range(1, number):
            names = [self.path(side, each).name for side in SIDES]
            if all(name in self._seconds for name in names):
                found.append(sum(self._seconds[name] for name in names))
        return found

    def _resumed(self) -> dict[str, float]:
        try:
            state = json.loads(self._state.read_text(encoding="utf-8"))
            found, seconds = state["compared"], state["seconds"]
            differing = [
                name
                for name in self._compared.keys() | found.keys()
                if self._compared.get(name) != found.get(name)
            ]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ComparisonUsageError(
                f"--resume: {shown_path(self._state)} is damaged: {error!r}"
            ) from error
        if differing:
            name = min(differing)
            raise ComparisonUsageError(
                f"--resume: {shown_path(self.folder)} holds another comparison, which differs in "
                f"{name}. Expected {self._compared.get(name)!r}. Received: {found.get(name)!r}. "
                "Leave out --resume to begin again"
            )
        return {str(name): float(value) for name, value in seconds.items()}

    def _put_aside(self) -> Path:
        written = datetime.fromtimestamp(self._state.stat().st_mtime, tz=UTC).astimezone()
        name = f"{self.folder.name}-{written:%Y%m%d-%H%M%S}"
        aside = free_name(self.folder.with_name(name), Path.mkdir)
        aside.rmdir()  # Windows renames to a name that nothing has
        self.folder.rename(aside)
        return aside

    def _write(self) -> None:
        write_json(self._state, {"compared": self._compared, "seconds": self._seconds})
