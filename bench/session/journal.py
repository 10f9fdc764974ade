"""The journal: a file with every finished case of a sweep, written while the sweep runs."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.session.entries import Entries
from reports.sources.files import shown_path
from reports.text import units

# One JSON object per line: first the header, then what happened to each case. An operator that ends
# the process (the system kills one that takes too much memory) leaves only that it was at work.
# 2: records have the keys of format 2. 3: whole cases are measured at once.
FORMAT = 3
# How the lines begin that tell of a finished case; the rest of a line is long.
FINISHED = (b'{"measured":', b'{"unmeasured":')


class JournalError(ValueError):
    """A journal that cannot be resumed; the message says why."""


class Journal:
    """A journal that survives the end of its process at any moment.

    Args:
        path: the file.

    Attributes:
        path: the file.
        entries: what it holds, of this run and of those that it resumes.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entries = Entries()

    def begin(self, header: Mapping[str, Any]) -> None:
        """Start a new journal and delete the one that is there.

        Args:
            header: what must be equal for the sweep to be resumed later.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.unlink(missing_ok=True)
        self.entries = Entries()
        self._append({"journal": FORMAT, **header})

    def at_work(self, tests: Iterable[str]) -> None:
        """Note which tests are at work from now on, and that those before them have survived.

        Args:
            tests: their ids; none where no operator runs, or the user stopped the run.
        """
        self._append({"at_work": list(tests)})

    def measured(self, test: str, benchmark: Mapping[str, Any]) -> None:
        """Keep a finished case.

        Args:
            test: the id of the test.
            benchmark: the entry as pytest-benchmark writes it.
        """
        self._append({"measured": test, "benchmark": benchmark})

    def unmeasured(self, test: str, record: Mapping[str, Any]) -> None:
        """Keep the record of a case that cannot be measured.

        Args:
            test: the id of the test.
            record: with the reason in its notes.
        """
        self._append({"unmeasured": test, "record": record})

    def conditions(self, conditions: Mapping[str, float]) -> None:
        """Keep the state and the limits of the machine.

        Args:
            conditions: numbers by name.
        """
        self._append({"conditions": conditions})

    def spent(self, seconds: Mapping[str, float]) -> None:
        """Add what a process spent its time on.

        Args:
            seconds: by purpose.
        """
        self._append({"spent": dict(seconds)})

    def ran(self, case: str, node: str) -> None:
        """Keep on which node of a cluster a case was measured.

        Args:
            case: its name.
            node: the node's.
        """
        self._append({"ran": case, "node": node})

    def saved(self, *, is_complete: bool) -> None:
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

    @property
    def has_begun(self) -> bool:
        """Whether its first line is whole on disk."""
        return self.path.exists() and b"\n" in self.path.read_bytes()

    def resume(self, header: Mapping[str, Any]) -> None:
        """Read the entries that are there, and drop a last line that was cut short.

        Args:
            header: what the journal must have been begun with.

        Raises:
            JournalError: if it was begun with something else, or is damaged.
        """
        first, entries, size = self._read()
        if first:
            self._check(first, header)
        if size < self.path.stat().st_size:
            os.truncate(self.path, size)
        if not first:  # cut short in its first line: nothing was measured
            self.begin(header)
        self.entries = entries
        self._append({"resumed": True})

    def look(self, header: Mapping[str, Any] | None = None) -> Entries:
        """Return the entries that are there; the file stays as it is.

        Args:
            header: with what the journal must have been begun, as far as it is given here.
                Default None: anything.

        Raises:
            JournalError: if it was begun with something else, or is damaged.
        """
        if not self.path.exists():
            return Entries()
        first, entries, _ = self._read()
        if first and header is not None:
            self._check({key: first.get(key) for key in ("journal", *header)}, header)
        return entries

    def _read(self) -> tuple[dict[str, Any], Entries, int]:
        """Return the header, the entries, and the bytes of all lines that are whole."""
        content = self.path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        try:
            first, *lines = [_parsed(line) for line in whole.splitlines()] or [{}]
            entries = Entries()
            for line in lines:
                entries.add(line)
        except (ValueError, RecursionError) as error:
            raise JournalError(f"{shown_path(self.path)} is damaged: {error}") from None
        return first, entries, len(whole)

    def _check(self, found: dict[str, Any], header: Mapping[str, Any]) -> None:
        version = found.pop("journal", None)
        if version != FORMAT:
            raise JournalError(
                f"{shown_path(self.path)} is from another version of this benchmark. "
                f"Expected format {FORMAT} of the journal. Received: {version}"
            )
        wanted = json.loads(_line(header))
        for key in wanted.keys() | found.keys():
            where, ours, theirs = key, wanted.get(key), found.get(key)
            if ours == theirs:
                continue
            if isinstance(ours, dict) and isinstance(theirs, dict):
                names = sorted(ours.keys() | theirs.keys())
                name = next(name for name in names if ours.get(name) != theirs.get(name))
                where, ours, theirs = f"{key}, {name}", ours.get(name), theirs.get(name)
            raise JournalError(
                f"{shown_path(self.path)} is of another run, which cannot be resumed here: it "
                f"differs in {where}. Expected {_shortened(ours)}. Received: {_shortened(theirs)}"
            )

    def _append(self, entry: Mapping[str, Any]) -> None:
        line = _line(entry)
        with self.path.open("ab") as file:
            file.write(line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        # As they will be read by a run that resumes this one.
        self.entries.add(json.loads(line))


class GrowingJournal:
    """A journal that another process writes, of which only counts are read.

    Args:
        path: the file; it need not be there yet.

    Attributes:
        plan: how many cases the process has to finish, 0 as long as that is not known.
        done: how many are finished, those of earlier runs among them.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        self.plan = self.done = 0

    def look(self) -> None:
        """Count what is new in it; a line that is not whole is left for the next look."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._read)
                new = file.read()
        except OSError:  # the process has not come so far
            return
        whole = new[: new.rfind(b"\n") + 1]
        if not self._read and whole:
            self.plan = _planned(whole.partition(b"\n")[0])
        self._read += len(whole)
        self.done += sum(line.startswith(FINISHED) for line in whole.splitlines())


def _planned(header: bytes) -> int:
    """Count the cases of a plan; 0 if another version of this benchmark writes another header."""
    try:
        return len(json.loads(header)["plan"])
    except (ValueError, KeyError, TypeError):
        return 0


def checked_entry(entry: Mapping[str, Any]) -> list[float]:
    """Check that a benchmark of a journal is one that pytest-benchmark wrote.

    Args:
        entry: what was read.

    Returns:
        The seconds of its rounds.

    Raises:
        JournalError: if it lacks something that a resumed run needs.
    """
    stats, record = entry.get("stats"), entry.get("extra_info")
    rounds = stats.get("data") if isinstance(stats, dict) else None
    is_timed = isinstance(rounds, list) and all(type(seconds) is float for seconds in rounds)
    if not is_timed or not isinstance(record, dict) or "group" not in entry:
        raise JournalError(
            "the journal is damaged: expected a benchmark with stats.data, extra_info and group. "
            f"Received: {_shortened(dict(entry))}"
        )
    return list(rounds or [])


def _parsed(content: bytes) -> dict[str, Any]:
    """Parse a line, and check what kind of line it is."""
    line = json.loads(content)
    is_right = isinstance(line, dict) and all(
        isinstance(line[key], str) for key in ("measured", "unmeasured", "ran") if key in line
    )
    is_right = is_right and ("ran" not in line or isinstance(line.get("node"), str))
    tests = line.get("at_work", []) if is_right else []
    is_right = is_right and isinstance(tests, list) and all(type(test) is str for test in tests)
    objects = (("measured", "benchmark"), ("unmeasured", "record"))
    for test, key in (*objects, ("conditions",) * 2, ("spent",) * 2):
        is_right = is_right and (test not in line or isinstance(line.get(key), dict))
    if not is_right:
        raise ValueError(f"no line of a journal: {_shortened(line)}")
    return dict(line)


def _line(entry: Mapping[str, Any]) -> str:
    """Write one line of JSON; parameters of a test that are no JSON become strings."""
    return json.dumps(entry, default=repr)


def _shortened(value: object, longest: int = 100) -> str:
    words = units.counted(len(value), "benchmark") if isinstance(value, list) else repr(value)
    return words if len(words) <= longest else f"{words[:longest]}..."
