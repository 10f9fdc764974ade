"""A pytest plugin that loses no finished case: journal, resumption, results written whole."""

import os
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_benchmark.stats import Metadata

from bench.session.journal import Entries, Journal, JournalError
from bench.session.record import Record

RECORD = pytest.StashKey[Record]()
# A case that ends the process this often (the system stops a process that takes too much
# memory) would do so for ever.
ATTEMPTS = 3


class Keeper:
    """Keeps each case as soon as it is finished, and goes on with an earlier run's.

    Args:
        config: pytest's configuration.
        path: the results file; the journal lies beside it.
        resume: whether to go on with the journal that is there.
        keep_older: whether a results file that is there is kept under its date.
    """

    def __init__(self, config: pytest.Config, path: Path, resume: bool, keep_older: bool):
        self.path = path
        self.journal = Journal(path.with_name(f"{path.name}.journal"))
        self._draft = path.with_name(f".{path.name}.draft")
        self._session = config._benchmarksession  # type: ignore[attr-defined]
        self._resume = resume
        self._keep_older = keep_older
        self._order: dict[str, int] = {}
        self._entries = Entries()
        self._lines: list[str] = []

    def plan(self, items: list[pytest.Item], header: dict[str, Any]) -> None:
        """Begin the journal; or read it, and take what is finished out of the plan.

        Args:
            items: the benchmarks to run, in order; those finished before are removed.
            header: what must be equal for an earlier run to go on.

        Raises:
            pytest.UsageError: if the journal is of another run.
        """
        # What stands for a sweep that has no case of this size measures nothing.
        measured = [item for item in items if not item.get_closest_marker("skip")]
        self._order = {item.nodeid: place for place, item in enumerate(measured)}
        self._draft.unlink(missing_ok=True)
        header = {**header, "plan": list(self._order)}
        if self._resume and self.journal.path.exists():
            try:
                self._entries = self.journal.read(header)
            except JournalError as error:
                raise pytest.UsageError(
                    f"--resume: {error}. Leave out --resume to begin anew"
                ) from error
            self._restore(items)
        else:
            self._put_aside()
            self.journal.begin(header)
        # Written beside the target, so that a kill while it is written spoils nothing.
        self._session.json = self._draft

    def _restore(self, items: list[pytest.Item]) -> None:
        for item in items:
            if self._is_hopeless(item.nodeid):
                record = _record(item)
                if record:
                    self._give_up(item.nodeid, record, f"begun {ATTEMPTS} times, never finished")
        self._session.benchmarks += map(_restored, self._entries.benchmarks.values())
        done = [item for item in items if item.nodeid in self._entries.finished]
        items[:] = [item for item in items if item.nodeid not in self._entries.finished]
        if done:
            done[0].config.hook.pytest_deselected(items=done)
        self._lines.append(
            f"resumed: {len(done)} of {len(self._order)} cases are in {self.journal.path}"
        )

    def _is_hopeless(self, test: str) -> bool:
        entries = self._entries
        return test not in entries.finished and entries.attempts[test] >= ATTEMPTS

    def _put_aside(self) -> None:
        """Keep the journal of an interrupted run that is not resumed."""
        if self.journal.is_interrupted:
            kept = _dated(self.journal.path)
            self.journal.path.rename(kept)
            self._lines.append(f"an interrupted run was not resumed: its journal is kept as {kept}")

    def pytest_report_collectionfinish(self) -> list[str]:
        """Say what became of an earlier run."""
        return self._lines

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Note that a case begins."""
        if nodeid in self._order:
            self.journal.began(nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo) -> Any:
        """Keep what a case left behind, whether it succeeded or not."""
        report = yield
        benchmark = getattr(item, "funcargs", {}).get("benchmark")
        if call.when != "call" or benchmark is None:
            return report
        if report.passed and benchmark.stats:
            self._entries.benchmarks[item.nodeid] = benchmark.stats.as_dict()
            self.journal.measured(item.nodeid, self._entries.benchmarks[item.nodeid])
        elif report.failed and call.excinfo:
            benchmark.has_error = True  # no result, even if rounds were timed
            if RECORD in item.stash:
                self._give_up(item.nodeid, item.stash[RECORD], _reason(item, call))
        return report

    def _give_up(self, test: str, record: Record, reason: str) -> None:
        record.notes.append(f"not measured: {reason}")
        self._entries.unmeasured[test] = record.as_dict()
        self.journal.unmeasured(test, record.as_dict())

    def complete(self, content: dict[str, Any]) -> None:
        """Put all cases, those of earlier runs too, into the results in the order of the plan."""
        content["benchmarks"].sort(key=lambda entry: self._place(entry["fullname"]))
        records = self._entries.unmeasured
        content["unmeasured"] = [records[test] for test in sorted(records, key=self._place)]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Publish what pytest-benchmark wrote, whole or not at all."""
        if self._entries.unmeasured and not self._draft.exists():
            self._save_without_benchmarks(session.config)
        if self._draft.exists():
            self._publish()
        none_left = session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED
        if none_left and self._entries.finished:
            session.exitstatus = pytest.ExitCode.OK
        if self._entries.unmeasured and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _place(self, test: str) -> int:
        return self._order.get(test, len(self._order))

    def _save_without_benchmarks(self, config: pytest.Config) -> None:
        """Do what pytest-benchmark does only where something was measured."""
        commit = config.hook.pytest_benchmark_generate_commit_info(config=config)
        content = config.hook.pytest_benchmark_generate_json(
            config=config,
            benchmarks=[],
            include_data=True,
            machine_info=self._session.get_machine_info(),
            commit_info=commit,
        )
        config.hook.pytest_benchmark_update_json(config=config, benchmarks=[], output_json=content)
        self._session.save_json(content)

    def _publish(self) -> None:
        with self._draft.open("rb+") as file:
            os.fsync(file.fileno())
        if self._keep_older and not self._entries.is_saved and self.path.exists():
            self.path.rename(_dated(self.path))
        self._draft.replace(self.path)
        # A complete journal stays: who resumes a run that was killed as it ended is done.
        self.journal.saved(is_complete=self._entries.finished >= self._order.keys())


def _reason(item: pytest.Item, call: pytest.CallInfo) -> str:
    limit = item.get_closest_marker("timeout")
    if limit and 0 < limit.args[0] < call.duration:  # a limit of zero is none
        # TensorFlow may turn the exception that ends such a case into one of its own.
        return f"took longer than its time limit of {limit.args[0]:g} s"
    assert call.excinfo is not None
    return f"{type(call.excinfo.value).__name__}: {call.excinfo.value}"


def _dated(path: Path) -> Path:
    made = datetime.fromtimestamp(path.stat().st_mtime)
    return path.with_stem(f"{path.stem}-{made:%Y%m%d-%H%M%S}")


def _record(item: pytest.Item) -> Record | None:
    """Begin the record of a benchmark that is not run."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    sweep = getattr(getattr(item, "module", None), "SWEEP", None)
    if sweep is None or not {"operator", "case"} <= parameters.keys():
        return None
    return Record.begin(sweep.name, sweep.axis, parameters["operator"], parameters["case"])


def _restored(entry: dict[str, Any]) -> Metadata:
    """Make of a journal's entry what pytest-benchmark had when it was written."""
    keys = ("name", "fullname", "group", "param", "params", "extra_info")
    fixture = SimpleNamespace(
        has_error=False, cprofile_stats=None, **{key: entry[key] for key in keys}
    )
    benchmark = Metadata(fixture, entry["stats"]["iterations"], entry["options"])
    benchmark.stats.data = entry["stats"]["data"]
    return benchmark
