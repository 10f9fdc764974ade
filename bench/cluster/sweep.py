"""The plan of `pytest bench` on a cluster: who measures what, and what comes of it."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench.cluster import kinds
from bench.cluster.book import Book
from bench.cluster.errors import ClusterUsageError
from bench.cluster.news import News
from bench.cluster.places import Place
from bench.cluster.schedule import Scheduler
from bench.cluster.shortfall import shortfall
from bench.cluster.tasks import ATTEMPTS, Task
from bench.cluster.worker import CONDITIONS, STARTING
from bench.session.display import Display

# Seconds that the scheduler waits longer than the node does itself.
LONGER = 30.0
# What a node says of its machine that may differ within a kind; `kinds` compares its hardware.
OF_EACH_NODE = frozenset(("node", "cpu", "memory_bytes", "governor"))


class ClusterSweep:
    """The owner of the tasks of a sweep, with one book for each kind of nodes.

    Args:
        places: where tasks run.
        path_of: names the results file for the kind of a place.
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
        path_of: Callable[[Place], Path],
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
        self._asked: dict[str, str] = {}  # by group, the name of a kind that is to measure
        self._failed: set[str] = set()  # groups of which a place could not measure
        # By group, the place that is asked for its conditions; None once they are known.
        self._conditions: dict[str, str | None] = {}
        self._examined: set[str] = set()  # places that were asked for them
        self._path_of = path_of
        self._why_not = why_not
        self._count = count
        self._resumes = resumes
        self._news = News(display, self.books, self.scheduler.count_places)

    @property
    def missing(self) -> list[str]:
        """Names of the kinds of nodes of which none could begin."""
        return [kind for group, kind in self._asked.items() if group not in self.books]

    # What the scheduler says

    @property
    def is_waiting(self) -> bool:
        """Whether all nodes of a kind left before they could begin, and none failed."""
        return bool(self._asked.keys() - self.books.keys() - self._failed)

    def joined(self, place: Place) -> None:
        """Let a place that fits collect the plan."""
        if reason := self._why_not(place):
            self._news.unfit(place.name, reason)
            return
        self._news.joined(place, kinds.kind(place))
        self._asked[group_of(place)] = kinds.kind(place)
        self._ask(place, "plan", STARTING)

    def left(self, place: Place, reason: str) -> None:
        """Say that a place is gone."""
        self._news.left(place, reason)
        self._forget_conditions(group_of(place), place.name)

    def started(self, task: Task, place: Place) -> None:
        """Say nothing: a line tells what came of it."""

    def finished(self, task: Task, place: Place, value: Any, seconds: float) -> None:
        """Keep what came of a task."""
        if "broken" in value or ("refused" in value and self.books):
            reason = value.get("broken") or value["refused"]
            self._note_fault(task, f"{place.node}: {reason}")
            self.scheduler.drop(place, task, reason)
        elif "refused" in value:  # the first that was asked: so would all others answer
            raise ClusterUsageError(
                f"pytest bench cannot begin on {place.node}:\n{value['refused']}"
            )
        elif task.work["asked"] == "measure":
            self._keep(task, place, value, seconds)
        elif task.work["asked"] == "plan":
            self._take_plan(task, place, value)
        else:
            self.books[task.group].keep_conditions(value["conditions"])
            self._conditions[task.group] = None
            self.scheduler.admit(place.name, task.group)

    def failed(self, task: Task) -> None:
        """Record what is given up."""
        if task.only:
            reasons = "; ".join(task.reasons)
            self._note_fault(task, *task.reasons)
            if task.work["asked"] == "conditions":  # it may measure cases all the same
                self._news.say(f"{task.only}: load and peaks are not known: {reasons}")
                self.scheduler.admit(task.only, task.group)
            else:
                self._news.unfit(task.only, reasons)
            return
        book = self.books[task.group]
        tests = task.work["tests"]
        notes = [f"not measured: {reason}" for reason in task.reasons]
        book.remember(task, dict.fromkeys(tests, notes))
        book.give_up(task, tests, task.tried)
        self._news.given_up(task, task.reasons)

    def tick(self) -> None:
        """Show how far it is."""
        self._news.show()

    # What comes of tasks

    def _ask(self, place: Place, asked: str, seconds: float) -> None:
        task = Task(asked, {"asked": asked}, group_of(place), place.name, seconds + LONGER)
        self.scheduler.submit([task])

    def _note_fault(self, task: Task, *reasons: str) -> None:
        """Remember why a place could not do what it was asked for."""
        self.faults += reasons
        self._failed.add(task.group)
        if task.only:
            self._forget_conditions(task.group, task.only)

    def _take_plan(self, task: Task, place: Place, described: Mapping[str, Any]) -> None:
        group, fault = task.group, None
        if group in self.books:
            fault = self._difference(group, described)
        else:
            try:
                self._open(place, described)
            except ClusterUsageError as error:
                if not self.books:  # the options are wrong; a later kind does not end the run
                    raise
                fault = str(error)
        if fault:
            self._note_fault(task, f"{place.node}: {fault}")
            self._news.unfit(place.name, fault)
        elif not self.books[group].is_finished and not self._asks_conditions(place):
            self.scheduler.admit(place.name, group)

    def _open(self, place: Place, described: Mapping[str, Any]) -> None:
        """Begin with a kind of nodes, of which this place is the first."""
        if not described["tests"]:
            raise ClusterUsageError("behind --: pytest bench has no case for these options")
        group = group_of(place)
        book = Book(self._path_of(place), group, described, self._count)
        for line in book.open(place.about, resumes=self._resumes):
            self._news.say(line)
        self.books[group], self.machines[group] = book, described["machine"]
        self.scheduler.remember(book.ran)
        self.scheduler.submit(book.tasks())

    def _asks_conditions(self, place: Place) -> bool:
        """Ask a place for them if nobody else of its kind has them; say whether it is asked."""
        group = group_of(place)
        if group in self._conditions or place.name in self._examined:
            return False
        self._conditions[group] = place.name
        self._examined.add(place.name)
        self._ask(place, "conditions", CONDITIONS)
        return True

    def _forget_conditions(self, group: str, place: str) -> None:
        """Let another place be asked."""
        if self._conditions.get(group) == place:
            del self._conditions[group]

    def _difference(self, group: str, described: Mapping[str, Any]) -> str | None:
        """Say what tells a node from the first one of its kind, None if nothing does."""
        if [each["test"] for each in described["tests"]] != self.books[group].plan:
            return "its pytest collects another plan than the first node"
        ours, theirs = map(kinds.comparable, (self.machines[group], described["machine"]))
        for name in sorted((ours.keys() | theirs.keys()) - OF_EACH_NODE):
            wanted, found = ours.get(name), theirs.get(name)
            if wanted != found:
                return f"expected {name} as on the first node, {wanted}. Received: {found}"
        return None

    def _keep(self, task: Task, place: Place, value: Mapping[str, Any], seconds: float) -> None:
        book = self.books[task.group]
        left = book.keep(task, value, place.node)
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
        if not book.is_finished:
            self._asks_conditions(place)

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
