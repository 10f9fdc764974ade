"""The results of one kind of nodes: what is still to be measured, what is, and the results file."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_benchmark.plugin import pytest_benchmark_generate_json

from bench.cluster.errors import ClusterUsageError
from bench.cluster.tasks import Task
from bench.commit import commit_info
from bench.fingerprint import fingerprint
from bench.session import merging, processes, results
from bench.session.journal import JournalError
from bench.session.progress import Progress
from reports.sources.case import Direction
from reports.sources.files import shown_path
from reports.text import units

# Seconds of a unit of work besides the time limits of its operators.
BESIDES = 60.0


class Book:
    """What was measured of one plan on nodes of one kind; each case is on disk as soon as it is.

    Args:
        path: the results file; journals are next to it.
        group: the name of the nodes' group for the scheduler.
        described: the plan, as a node's session describes it.
        count: how many processes measure each case.

    Attributes:
        path: the results file.
        group: the name of the nodes' group for the scheduler.
        plan: the test ids, in order.
        done: how many records there are.
        failed: how many of them could not be measured.
        to_do: how many records of each direction are still to come.
    """

    def __init__(self, path: Path, group: str, described: Mapping[str, Any], count: int) -> None:
        self.path = path
        self.group = group
        self._described = described
        self._count = count
        self._blank = {each["test"]: each["unmeasured"] for each in described["tests"]}
        self._direction: dict[str, Direction] = {
            each["test"]: each["direction"] for each in described["tests"]
        }
        self._cases: defaultdict[str, list[str]] = defaultdict(list)
        for each in described["tests"]:
            self._cases[each["measurement"]].append(each["test"])
        self.plan = list(self._blank)
        self.done = self.failed = 0
        self.to_do: Counter[Direction] = Counter()
        self._notes: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
        self._front = Progress(path, self.plan)
        self._parts = {1: self._front} if count == 1 else self._of_processes()

    def _of_processes(self) -> dict[int, Progress]:
        numbers = range(1, self._count + 1)
        return {n: Progress(processes.of_process(self.path, n), self.plan) for n in numbers}

    def open(self, kind: Mapping[str, Any], *, resumes: bool) -> list[str]:
        """Begin, or go on with what an earlier run has finished.

        Args:
            kind: hardware and software of the nodes, which must be equal for that.
            resumes: whether to go on.

        Returns:
            Lines for the user.

        Raises:
            ClusterUsageError: if the earlier run was another one.
        """
        header = {"suite": self.suite, "machine": kind, "commit": commit_info().get("id")}
        header["code"] = fingerprint()
        said = []
        for progress in dict.fromkeys([self._front, *self._parts.values()]):
            try:
                if resumes and progress.resume(header):
                    continue
            except JournalError as error:
                raise ClusterUsageError(
                    f"--resume: {error}. Leave out --resume to begin again"
                ) from error
            if kept := progress.begin(header):
                said.append(
                    f"an interrupted run was not resumed: its journal is kept as {shown_path(kept)}"
                )
        self._count_done()
        if resumes and self.done:
            cases = units.counted(self.total, "record")
            said.append(f"resumed: {self.done} of {cases} are in {shown_path(self.path)}.journal")
        return said

    @property
    def suite(self) -> dict[str, Any]:
        """The settings that two runs must share for their records to be comparable."""
        return {**self._described["suite"], "processes": self._count}

    @property
    def total(self) -> int:
        """How many records the plan has, each as often as there are processes."""
        return len(self.plan) * self._count

    def _count_done(self) -> None:
        """Count what there is, and what is left of each direction."""
        self.to_do = Counter[Direction]()
        self.done = self.failed = 0
        for part in self._parts.values():
            finished = self._front.entries.finished | part.entries.finished
            self.to_do += Counter(
                self._direction[test] for test in self.plan if test not in finished
            )
            self.done += len(finished)
            self.failed += len(part.entries.unmeasured)

    @property
    def ran(self) -> Mapping[str, list[str]]:
        """By case, the nodes where processes measured it, in this run or an earlier one."""
        found = defaultdict[str, list[str]](list)
        for part in self._parts.values():
            for case, nodes in part.entries.nodes.items():
                found[case] += nodes
        return found

    def tasks(self) -> list[Task]:
        """Return what is still to be measured, whole cases, one process after the other."""
        if self._front.is_complete:
            return []
        return [
            self._task(measurement, left, number)
            for number, part in self._parts.items()
            for measurement, tests in self._cases.items()
            if (left := [test for test in tests if test not in part.entries.finished])
        ]

    def again(self, task: Task, tests: Sequence[str], node: str | None = None) -> Task:
        """Return a task for some of the tests of another one.

        Args:
            task: the other one.
            tests: those that have no rounds.
            node: where they failed; None where that was not their fault.
        """
        tried = task.tried if node is None else (*task.tried, node)
        return replace(self._task(task.name, tests, task.work["process"][0]), tried=tried)

    def _task(self, measurement: str, tests: Sequence[str], number: int) -> Task:
        seconds = self._described["timeout"]
        # An operator is prepared, and timed, within its limit; the baseline runs in any case.
        limit = 2 * seconds * (len(tests) + 1) + BESIDES if seconds else None
        is_part = len(tests) < len(self._cases[measurement])
        return Task(
            name=measurement,
            work={
                "asked": "measure",
                "tests": list(tests),
                "process": (number, self._count),
                "begun": [measurement] * is_part,
                "limit": limit,
            },
            group=self.group,
            # The node ends it before that, and keeps its session.
            limit=limit and limit + BESIDES,
            apart=measurement if self._count > 1 else None,
        )

    def keep_conditions(self, conditions: Mapping[str, float]) -> None:
        """Keep the state and the limits of a node.

        Args:
            conditions: numbers by name.
        """
        for part in self._parts.values():
            part.journal.conditions(conditions)

    def keep(self, task: Task, value: Mapping[str, Any], node: str) -> list[str]:
        """Keep what a task measured.

        Args:
            task: the task.
            value: what came of it.
            node: where it ran.

        Returns:
            The tests of the task that have no rounds.
        """
        part = self._part(task)
        for test in self._left(task):
            if test in value["benchmarks"]:
                part.journal.measured(test, value["benchmarks"][test])
                self._tick_off(test)
        if task.apart and value["benchmarks"]:
            part.journal.ran(task.apart, node)
        if value["spent"]:
            part.journal.spent(value["spent"])
        return self._left(task)

    def remember(self, task: Task, notes: Mapping[str, Sequence[str]]) -> None:
        """Remember why tests failed, for their records if they fail elsewhere, too.

        Args:
            task: the task that they are of.
            notes: the reasons, by test.
        """
        for test, reasons in notes.items():
            self._notes[task.work["process"][0], test] += reasons

    def give_up(self, task: Task, tests: Iterable[str], nodes: Sequence[str]) -> None:
        """Record tests that could not be measured, with all that is remembered of them.

        Args:
            task: the task that they are of.
            tests: their ids.
            nodes: where they were tried.
        """
        tried = [f"tried on {' and '.join(dict.fromkeys(nodes))}"] if len(nodes) > 1 else []
        for test in tests:
            notes = dict.fromkeys([*self._notes[task.work["process"][0], test], *tried])
            self._part(task).journal.unmeasured(test, {**self._blank[test], "notes": list(notes)})
            self._tick_off(test)
            self.failed += 1

    def direction(self, task: Task) -> Direction:
        """Return the direction of a task's case.

        Args:
            task: of this book.
        """
        return self._direction[task.work["tests"][0]]

    def _part(self, task: Task) -> Progress:
        return self._parts[task.work["process"][0]]

    def _left(self, task: Task) -> list[str]:
        finished = self._part(task).entries.finished
        return [test for test in task.work["tests"] if test not in finished]

    def _tick_off(self, test: str) -> None:
        self.done += 1
        self.to_do -= Counter([self._direction[test]])

    def publish(self, machine: Mapping[str, Any]) -> int:
        """Write the results file.

        Args:
            machine: a node on which it was measured.

        Returns:
            How many cases were measured in some of the processes only.

        Raises:
            OSError: if it cannot be written; the journals still have all cases.
            UnwritableError: if the path is no longer that of a regular file.
        """
        front, partial = self._front, 0
        if self._count > 1 and not front.is_complete:
            partial = merging.join(front, {n: part.entries for n, part in self._parts.items()})
        document = {
            **pytest_benchmark_generate_json(
                config=None,
                benchmarks=[],
                include_data=True,
                machine_info=dict(machine),
                commit_info=commit_info(),
            ),
            "benchmarks": front.benchmarks,
            "suite": self.suite,
            "model": self._described["model"],
            **front.about,
        }
        front.publish(document, keeps_older=True)
        for number in self._parts if self._count > 1 else ():
            journal = results.journal_path(processes.of_process(self.path, number))
            journal.unlink(missing_ok=True)
        return partial

    @property
    def is_finished(self) -> bool:
        """Whether nothing of the plan is left to be measured."""
        return self.done >= self.total

    @property
    def unmeasured(self) -> int:
        """How many cases of the results file could not be measured."""
        return len(self._front.entries.unmeasured)

    @property
    def spent(self) -> Mapping[str, float]:
        """Seconds that all nodes spent, by purpose."""
        return self._front.entries.spent
