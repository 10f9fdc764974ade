"""The progress of a sweep: its plan, what is finished of it, and what is resumed."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.session import results
from bench.session.entries import Entries
from bench.session.journal import Journal

# A case that ends the process this often (the system kills a process that takes too much memory)
# would always do so.
ATTEMPTS = 3


class Progress:
    """What a sweep has finished; each case is in the journal as soon as it is.

    Args:
        path: the results file; the journal is in the same folder.
        plan: the test ids of the benchmarks, in order.

    Attributes:
        path: the results file.
        journal: the journal.
        is_published: whether this run has written the results file.
        is_resumed: whether this run resumes an earlier one.
    """

    def __init__(self, path: Path, plan: Sequence[str]) -> None:
        self.path = path
        self.journal = Journal(results.journal_path(path))
        self.is_published = False
        self.is_resumed = False
        self._given: Mapping[str, Any] = {}
        self._places = {test: place for place, test in enumerate(plan)}

    @property
    def plan(self) -> list[str]:
        """The test ids of the benchmarks, in order."""
        return list(self._places)

    @property
    def total(self) -> int:
        """How many benchmarks the plan has."""
        return len(self._places)

    @property
    def entries(self) -> Entries:
        """What is finished, in this run and in those that it resumes."""
        return self.journal.entries

    @property
    def benchmarks(self) -> list[dict[str, Any]]:
        """The measured cases in the order of the plan, as pytest-benchmark writes them."""
        found = self.entries.benchmarks
        return [found[test] for test in sorted(found, key=self.place)]

    @property
    def unmeasured(self) -> list[dict[str, Any]]:
        """The records of the cases that could not be measured, in the order of the plan."""
        found = self.entries.unmeasured
        return [found[test] for test in sorted(found, key=self.place)]

    @property
    def about(self) -> dict[str, Any]:
        """What a results file says besides the measured cases."""
        return {
            "conditions": self.entries.conditions,
            "spent": dict(self.entries.spent),
            "unmeasured": self.unmeasured,
        }

    @property
    def begun(self) -> set[str]:
        """Names of the measurements of which some operators are finished."""
        found = self.entries.benchmarks.values()
        return {str(entry["extra_info"].get("measurement")) for entry in found}

    def begin(self, header: Mapping[str, Any]) -> Path | None:
        """Begin a new run.

        Args:
            header: what must be equal for the run to be resumed later.

        Returns:
            Where the journal of an interrupted run is kept that is not resumed, or None.
        """
        kept = results.put_aside(self.journal.path) if self.journal.is_interrupted else None
        self._given = header
        self.journal.begin(self.header)
        return kept

    def resume(self, header: Mapping[str, Any]) -> bool:
        """Take over what an earlier run has finished.

        Args:
            header: what must be equal.

        Returns:
            Whether there is an earlier run.

        Raises:
            JournalError: if the journal that is there cannot be resumed.
        """
        if not self.journal.path.exists():
            return False
        self._given = header
        self.journal.resume(self.header)
        self.is_resumed = True
        return True

    def at_work(self, tests: Iterable[str]) -> None:
        """Note which tests of the plan are at work from now on.

        Args:
            tests: ids; none where no operator runs, or the user stopped the run.
        """
        self.journal.at_work(tests)

    def is_hopeless(self, test: str) -> bool:
        """Return whether a case has ended the process so often that it is not tried again.

        Args:
            test: the id of a test.
        """
        return test not in self.entries.finished and self.entries.attempts[test] >= ATTEMPTS

    @property
    def is_complete(self) -> bool:
        """Whether every case of the plan is finished."""
        return self.entries.finished >= self._places.keys()

    def place(self, test: str) -> int:
        """Return the index of a test in the plan, the length of the plan for any other test.

        Args:
            test: the id of a test.
        """
        return self._places.get(test, len(self._places))

    def publish(self, document: Mapping[str, Any], *, keeps_older: bool) -> None:
        """Write the results file.

        Args:
            document: its content.
            keeps_older: whether a file of an earlier run is kept under its date.

        Raises:
            OSError: if it cannot be written; the journal still has all cases.
            UnwritableError: if the path is no longer that of a regular file.
        """
        results.save(self.path, document, keeps_older=keeps_older and not self.entries.is_saved)
        self.is_published = True
        # The journal of a complete run stays: a run that is killed right after this can be resumed.
        self.journal.saved(is_complete=self.is_complete)

    @property
    def header(self) -> dict[str, Any]:
        """What must be equal for this run to be resumed, once it has begun."""
        return {**self._given, "plan": self.plan}
