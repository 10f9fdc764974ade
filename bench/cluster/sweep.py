"""The plan of `pytest bench` on a cluster: who measures what, and what comes of it."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench.cluster import kinds
from bench.cluster.book import Book
from bench.cluster.display import Display
from bench.cluster.errors import ClusterUsageError
from bench.cluster.news import News
from bench.cluster.places import Place
from bench.cluster.schedule import Scheduler
from bench.cluster.shortfall import shortfall
from bench.cluster.tasks import ATTEMPTS, Task
from bench.cluster.worker import CONDITIONS, STARTING

# Seconds that the scheduler waits longer than the node does itself.
LONGER = 30.0
# What a node says of its machine that may differ within a kind; `kinds` compares its hardware.
OF_EACH_NODE = frozenset(("node", "cpu", "memory_bytes", "governor"))


class ClusterSweep:
    """The owner of the tasks of a sweep, with one book for each kind of nodes.

    Args:
        places: where tasks run.
        path_of: maps the name of a kind to its results file.
        why_not: says of a place why it is of no use, None for one that may measure.
        count: how many processes measure each case.
        display: where it says what happens.
        resumes: whether to go on with an earlier run.

    Attributes:
        scheduler: runs the tasks.
        books: by group of the scheduler.
        machines: by group, the first node that measures.
        faults: why places could not measure.
    """

    def __init__(
        self,
        places: Any,
        path_of: Callable[[str], Path],
        why_not: Callable[[Place], str | None],
        *,
        count: int,
        display: Display,
        resumes: bool,
    ) -> None:
        self.scheduler = Scheduler(places, self)
        self.books: dict[str, Book] = {}
        self.machines: dict[str, Mapping[str, Any]] = {}
        self.faults: list[str] = []
        self._path_of = path_of
        self._why_not = why_not
        self._count = count
        self._resumes = resumes
        self._news = News(display, self.books, self.scheduler.count_places)

    # What the scheduler says

    def joined(self, place: Place) -> None:
        """Let a place that fits collect the plan."""
        if reason := self._why_not(place):
            self._news.unfit(place.name, reason)
            return
        self._news.joined(place, kinds.kind(place))
        self._ask(place, "plan", STARTING)

    def left(self, place: Place, reason: str) -> None:
        """Say that a place is gone."""
        self._news.left(place, reason)

    def started(self, task: Task, place: Place) -> None:
        """Say nothing: a line tells what came of it."""

    def finished(self, task: Task, place: Place, value: Any, seconds: float) -> None:
        """Keep what came of a task."""
        if "broken" in value or ("refused" in value and self.books):
            self._drop(task, place, value.get("broken") or value["refused"])
        elif "refused" in value:  # the first that was asked: so would all others answer
            raise ClusterUsageError(
                f"pytest bench cannot begin on {place.node}:\n{value['refused']}"
            )
        elif task.work["asked"] == "measure":
            self._keep(task, place, value, seconds)
        elif task.work["asked"] == "plan":
            self._take_plan(place, value)
        else:
            self.books[group_of(place)].keep_conditions(value["conditions"])
            self.scheduler.admit(place.name, group_of(place))

    def failed(self, task: Task) -> None:
        """Record what is given up."""
        if task.only:
            self.faults += task.reasons
            self._news.unfit(task.only, "; ".join(task.reasons))
            return
        book = self.books[task.group]
        tests = task.work["tests"]
        reasons = [f"not measured: {reason}" for reason in task.reasons]
        book.remember(task, dict.fromkeys(tests, reasons))
        book.give_up(task, tests, task.tried)
        self._news.given_up(task, task.reasons)

    def tick(self) -> None:
        """Show how far it is."""
        self._news.show()

    # What comes of tasks

    def _ask(self, place: Place, asked: str, seconds: float) -> None:
        task = Task(asked, {"asked": asked}, only=place.name, limit=seconds + LONGER)
        self.scheduler.submit([task])

    def _drop(self, task: Task, place: Place, reason: str) -> None:
        """Give up a place that could not do what it should; its task runs elsewhere."""
        self.faults.append(f"{place.node}: {reason}")
        if not task.only:
            self.scheduler.submit([task])
        self.scheduler.drop(place.name, reason)

    def _take_plan(self, place: Place, described: Mapping[str, Any]) -> None:
        group = group_of(place)
        if group not in self.books:
            self._open(place, described)
        elif fault := self._difference(group, described):
            self.faults.append(f"{place.node}: {fault}")
            self._news.unfit(place.name, fault)
        else:
            self.scheduler.admit(place.name, group)

    def _open(self, place: Place, described: Mapping[str, Any]) -> None:
        """Begin with a kind of nodes, of which this place is the first."""
        if not described["tests"]:
            raise ClusterUsageError("behind --: pytest bench has no case for these options")
        group = group_of(place)
        book = Book(self._path_of(kinds.kind(place)), group, described, self._count)
        for line in book.open(place.about, resumes=self._resumes):
            self._news.say(line)
        self.books[group], self.machines[group] = book, described["machine"]
        if tasks := book.tasks():
            self._ask(place, "conditions", CONDITIONS)
            self.scheduler.submit(tasks)

    def _difference(self, group: str, described: Mapping[str, Any]) -> str | None:
        """Say what tells a node from the first one of its kind, None if nothing does."""
        if [each["test"] for each in described["tests"]] != self.books[group].plan:
            return "its pytest collects another plan than the first node"
        ours, theirs = self.machines[group], described["machine"]
        for name in sorted((ours.keys() | theirs.keys()) - OF_EACH_NODE):
            wanted, found = ours.get(name), theirs.get(name)
            if wanted != found:
                return f"expected {name} as on the first node, {wanted}. Received: {found}"
        return None

    def _keep(self, task: Task, place: Place, value: Mapping[str, Any], seconds: float) -> None:
        book = self.books[task.group]
        left = book.keep(task, value)
        short = shortfall(left, value)
        notes = {**short.failed, **short.ended}
        book.remember(task, notes)
        again = self._again(task, place, short.ended, short.failed)
        book.give_up(task, [test for test in notes if test not in again], (*task.tried, place.node))
        if again:
            self.scheduler.submit([book.again(task, again, place.node)])
        if short.spared:
            self.scheduler.submit([book.again(task, short.spared)])
        measured = len(task.work["tests"]) - len(left)
        fault = value["fault"] or next(
            iter([note for each in notes.values() for note in each]), None
        )
        self._news.finished(task, place, seconds, measured, fault)

    def _again(
        self, task: Task, place: Place, ended: Mapping[str, Any], failed: Mapping[str, Any]
    ) -> list[str]:
        """Return the tests that get another attempt: an error repeats itself on the same node."""
        if len(task.tried) + 1 >= ATTEMPTS:
            return []
        elsewhere = self.scheduler.has_other(task.group, (*task.tried, place.node))
        return [*ended, *(failed if elsewhere else ())]


def group_of(place: Place) -> str:
    """Return the scheduler's group of a place: all that tells its kind from others.

    Args:
        place: a place that has described itself.
    """
    return json.dumps(place.about, sort_keys=True)
