"""Every reader of files that come from elsewhere: how a file is made, and how it is read."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from bench.cifar import data, study
from bench.cifar.checks import DataError
from bench.cifar.store import Store
from bench.cifar.study import StudyError
from bench.profiling import reading, tracing
from bench.profiling.conversion import UnreadableTraceError
from bench.session.journal import Journal, JournalError, checked_entry
from reports.archive import reading as archive_reading
from reports.archive.errors import ArchiveError
from reports.archive.reading import OF_ROUNDS, WHOLE
from reports.archive.writing import add
from reports.kinds import read
from reports.merging import parts
from reports.merging.errors import UnlikePartsError
from reports.merging.joining import joined
from reports.output.html import render
from reports.sweeps import comparison, load
from tests.bench.cifar import published
from tests.fuzz import damage
from tests.reports.cifar import studies
from tests.reports.conftest import Builder
from tests.reports.profiling import traces

HEADER = {"suite": {"sweep_size": "quick"}, "plan": ["a", "b"]}


@dataclass(frozen=True)
class Reader:
    """What reads a file.

    Attributes:
        make: writes valid files into an empty folder and returns what is read of them.
        read: reads it; true if it refuses it with a reason.
        files: which of the files are damaged, as patterns.
        damages: the ways in which they are.
        cost: how many others could be read in the time of this one.
    """

    make: Callable[[Path], Path]
    read: Callable[[Path], bool]
    files: tuple[str, ...] = ("*",)
    damages: tuple[Callable[..., bytes], ...] = damage.BYTES
    cost: int = 1


def _refuses(*errors: type[Exception]) -> Any:
    """Turn a function that raises one of these errors into one that returns whether it did."""

    def wrap(function: Callable[[Path], object]) -> Callable[[Path], bool]:
        def run(path: Path) -> bool:
            try:
                function(path)
            except errors:
                return True
            return False

        return run

    return wrap


def _shown(path: Path) -> bool:
    """Read results of any kind; what is left of them makes a page and a comparison."""
    results = read([path])
    assert all(reason for _, reason in results.problems)
    if not results.empty:
        render(results).encode("utf-8")
    return bool(results.problems)


@_refuses(ValueError)
def _compared(path: Path) -> None:
    comparison.compare(load.run_of(path), load.run_of(path))


def _results(folder: Path) -> Path:
    path = folder / "bench.json"
    builder = Builder(rounds=8)
    path.write_text(json.dumps(builder.document(builder.sweep("stride", [1, 2]))))
    return path


@_refuses(ValueError)
def _archived(path: Path) -> None:
    archive = path.parent / "archive"
    problems = [problem for each in add(archive, [path]) for problem in each.problems]
    names = [name for name in WHOLE.names if name not in OF_ROUNDS]
    for chosen in (names, OF_ROUNDS):
        archive_reading.read(archive, chosen)
    if problems:
        raise ValueError(problems)


def _runs(folder: Path) -> Path:
    archive = folder / "archive"
    assert all(each.is_new for each in add(archive, [_results(folder)]))
    return archive


@_refuses(ArchiveError)
def _queried(folder: Path) -> None:
    archive_reading.read(folder, WHOLE.names)


def _shards(folder: Path) -> Path:
    builder, target = Builder(rounds=8), folder / "parts"
    target.mkdir()
    whole = builder.document(builder.sweep("stride", [1, 2]))
    plan = [entry["fullname"] for entry in whole["benchmarks"]]
    for number in (1, 2):
        mine = whole["benchmarks"][number - 1 :: 2]
        shard = {"number": number, "count": 2, "cases": len(mine), "plan": plan}
        document = {**whole, "benchmarks": mine, "shard": shard}
        (target / f"{number}.json").write_text(json.dumps(document))
    return target


@_refuses(UnlikePartsError)
def _joined(folder: Path) -> None:
    load.from_document(joined(parts.read(sorted(folder.glob("*.json")))), "joined")


def _study(folder: Path) -> Path:
    return studies.write(folder / "cifar")


def _traces(folder: Path) -> Path:
    return traces.write(folder / "profile", traces.INVOLUTION, traces.CONVOLUTION)


def _journal(folder: Path) -> Path:
    journal = Journal(folder / "bench.json.journal")
    journal.begin(HEADER)
    journal.at_work(["a"])
    entry = {"group": "g", "extra_info": {"sweep": "s"}, "stats": {"data": [0.1, 0.2]}}
    journal.measured("a", entry)
    journal.at_work(["b"])
    journal.unmeasured("b", {"notes": ["no memory"]})
    journal.saved(is_complete=True)
    return journal.path


@_refuses(JournalError)
def _resumed(path: Path) -> None:
    journal = Journal(path)
    journal.resume(HEADER)
    for entry in journal.entries.benchmarks.values():
        checked_entry(entry)


def _archive(folder: Path) -> Path:
    return published.write_archive(folder / "cifar.tar.gz", published.files())


def _pickles(folder: Path) -> Path:
    return published.write_folder(folder / "data", published.files())


def _arrays(folder: Path) -> Path:
    path = folder / "cifar.npz"
    np.savez_compressed(path, **published.arrays())
    return path


def _kept_run(folder: Path) -> Path:
    layers = [keras.Input((4,)), keras.layers.Dense(2)]
    keras.Sequential(layers).save(folder / "epoch-4.keras")
    (folder / "run.json").write_text(json.dumps(studies.run()))
    return folder


@_refuses(ValueError)
def _resumed_run(folder: Path) -> None:
    store = Store(folder)
    run = store.read()
    if run is not None:
        store.load(run)


def _trace(folder: Path) -> Path:
    tracing.trace(lambda: tf.constant(1.0) + 1.0, folder / "run", 3)
    return folder / "run"


JSON = (*damage.BYTES, damage.altered, damage.altered, damage.altered)

READERS = {
    "results": Reader(_results, _shown, damages=JSON, cost=10),
    "results compared": Reader(_results, _compared, damages=JSON),
    "results archived": Reader(_results, _archived, damages=JSON, cost=10),
    "archive of runs": Reader(_runs, _queried, ("_archive.json", "*/*/*.parquet"), cost=5),
    "parts of a plan": Reader(_shards, _joined, damages=JSON, cost=10),
    "study": Reader(_study, _shown, ("cifar.json", "*/*/run.json"), JSON, cost=30),
    "arrays of a study": Reader(_study, _shown, ("images.npz", "*/*/kernels.npz"), cost=30),
    "traces": Reader(_traces, _shown, ("profile.json", "*/numbers.json"), JSON, cost=5),
    "journal": Reader(_journal, _resumed, damages=(*damage.BYTES, damage.altered_line)),
    "archive of CIFAR": Reader(
        _archive, _refuses(DataError)(data.load), damages=(*damage.BYTES, damage.repacked)
    ),
    "folder of CIFAR": Reader(_pickles, _refuses(DataError)(data.load), ("*/*",)),
    "arrays of CIFAR": Reader(_arrays, _refuses(DataError)(data.load)),
    "study to resume": Reader(_study, _refuses(StudyError)(study.existing), ("cifar.json",), JSON),
    "trace": Reader(
        _trace, _refuses(UnreadableTraceError)(reading.read), ("plugins/profile/*/*.pb",), cost=5
    ),
    "run to resume": Reader(_kept_run, _resumed_run, ("run.json", "*.keras"), cost=5),
}
