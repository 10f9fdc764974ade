"""The entries of a journal: what happened to each case of a sweep."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Entries:
    """What a journal holds.

    Attributes:
        benchmarks: by test id, entries as pytest-benchmark writes them.
        unmeasured: by test id, records of cases that cannot be measured.
        attempts: by test id, how often a process ended while the test was at work, but not by hand.
        at_work: ids of the tests that are at work.
        conditions: the state and the limits of the machine when the run was last begun.
        spent: seconds by purpose, of all processes that wrote into it and came to an end.
        nodes: by case, the nodes of a cluster where it was measured.
        is_saved: whether its cases are in a results file already.
    """

    benchmarks: dict[str, dict[str, Any]] = field(default_factory=dict)
    unmeasured: dict[str, dict[str, Any]] = field(default_factory=dict)
    attempts: Counter[str] = field(default_factory=Counter)
    at_work: set[str] = field(default_factory=set)
    conditions: dict[str, float] = field(default_factory=dict)
    spent: dict[str, float] = field(default_factory=dict)
    nodes: dict[str, list[str]] = field(default_factory=dict)
    is_saved: bool = False

    @property
    def finished(self) -> set[str]:
        """Test ids of the cases that need no further attempt."""
        return self.benchmarks.keys() | self.unmeasured.keys()

    def add(self, line: Mapping[str, Any]) -> None:
        """Add a line of the journal.

        Args:
            line: as it is in the file.
        """
        if "at_work" in line:
            self.at_work = set(line["at_work"])
        elif "resumed" in line:
            self.attempts.update(self.at_work - self.finished)
            self.at_work = set()
        elif "measured" in line:
            self.benchmarks[line["measured"]] = line["benchmark"]
        elif "unmeasured" in line:
            self.unmeasured[line["unmeasured"]] = line["record"]
        elif "conditions" in line:
            self.conditions = line["conditions"]
        elif "spent" in line:
            for purpose, seconds in line["spent"].items():
                self.spent[purpose] = self.spent.get(purpose, 0.0) + seconds
        elif "ran" in line:
            self.nodes.setdefault(line["ran"], []).append(line["node"])
        elif "saved" in line:
            self.is_saved = True
