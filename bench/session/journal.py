"""The journal: a file that has every finished case of a sweep while the sweep still runs."""

import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytest_benchmark.utils import safe_dumps

# One JSON object a line: the header first, then what happened to each case. A case that ends
# the process (the system's answer to a lack of memory) leaves only that it began.
FORMAT = 1


class JournalError(ValueError):
    """A journal that is not of the sweep that is to go on; the message says why."""


@dataclass
class Entries:
    """What a journal holds.

    Attributes:
        benchmarks: by test id, entries as pytest-benchmark writes them.
        unmeasured: by test id, records of cases that cannot be measured.
        attempts: by test id, how often a case was begun.
        is_saved: whether its cases are in a results file already.
    """

    benchmarks: dict[str, dict[str, Any]] = field(default_factory=dict)
    unmeasured: dict[str, dict[str, Any]] = field(default_factory=dict)
    attempts: Counter[str] = field(default_factory=Counter)
    is_saved: bool = False

    @property
    def finished(self) -> set[str]:
        """Test ids of the cases that need no further attempt."""
        return self.benchmarks.keys() | self.unmeasured.keys()


class Journal:
    """A journal that survives the end of its process at any moment.

    Args:
        path: the file.
    """

    def __init__(self, path: Path):
        self.path = path

    def begin(self, header: Mapping[str, Any]) -> None:
        """Start a new journal, in place of one that is there.

        Args:
            header: what must be equal for the sweep to go on later.
        """
        self.path.unlink(missing_ok=True)
        self._append({"journal": FORMAT, **header})

    def began(self, test: str) -> None:
        """Note that a case begins."""
        self._append({"began": test})

    def measured(self, test: str, benchmark: Mapping[str, Any]) -> None:
        """Keep a finished case, as pytest-benchmark writes it."""
        self._append({"measured": test, "benchmark": benchmark})

    def unmeasured(self, test: str, record: Mapping[str, Any]) -> None:
        """Keep the record of a case that cannot be measured."""
        self._append({"unmeasured": test, "record": record})

    def saved(self, is_complete: bool) -> None:
        """Note that all cases so far are in the results file.

        Args:
            is_complete: whether these are all of the plan.
        """
        self._append({"saved": True, "complete": is_complete})

    @property
    def is_interrupted(self) -> bool:
        """Whether it holds measured cases of a run that did not come to its end."""
        content = self.path.read_bytes() if self.path.exists() else b""
        return b'\n{"measured"' in content and not content.endswith(b'"complete": true}\n')

    def read(self, header: Mapping[str, Any]) -> Entries:
        """Read what is there and drop a last line that was cut short.

        Args:
            header: what the journal must have been begun with.

        Returns:
            The entries.

        Raises:
            JournalError: if it was begun with something else or is damaged.
        """
        content = self.path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        try:
            first, *lines = [json.loads(line) for line in whole.splitlines()] or [{}]
        except ValueError as error:
            raise JournalError(f"{self.path} is damaged: {error}") from None
        if first:
            self._check(first, {"journal": FORMAT, **header})
        if len(whole) < len(content):
            os.truncate(self.path, len(whole))
        if not first:  # cut short in its first line: nothing was measured
            self.begin(header)
        return _sorted_out(lines)

    def _check(self, found: dict[str, Any], expected: Mapping[str, Any]) -> None:
        wanted = json.loads(safe_dumps(expected))
        for key in wanted.keys() | found.keys():
            ours, theirs = wanted.get(key), found.get(key)
            if ours == theirs:
                continue
            if isinstance(ours, dict) and isinstance(theirs, dict):
                names = sorted(ours.keys() | theirs.keys())
                name = next(name for name in names if ours.get(name) != theirs.get(name))
                key, ours, theirs = f"{key}, {name}", ours.get(name), theirs.get(name)
            raise JournalError(
                f"{self.path} is of another run, which cannot go on here: it differs in {key}. "
                f"Expected {_shortened(ours)}. Received: {_shortened(theirs)}"
            )

    def _append(self, entry: Mapping[str, Any]) -> None:
        with self.path.open("ab") as file:
            file.write(safe_dumps(entry).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


def _sorted_out(lines: list[dict[str, Any]]) -> Entries:
    entries = Entries()
    for line in lines:
        if "began" in line:
            entries.attempts[line["began"]] += 1
        elif "measured" in line:
            entries.benchmarks[line["measured"]] = line["benchmark"]
        elif "unmeasured" in line:
            entries.unmeasured[line["unmeasured"]] = line["record"]
        elif "saved" in line:
            entries.is_saved = True
    return entries


def _shortened(value: object, longest: int = 100) -> str:
    text = f"{len(value)} benchmarks" if isinstance(value, list) else repr(value)
    return text if len(text) <= longest else f"{text[:longest]}..."
