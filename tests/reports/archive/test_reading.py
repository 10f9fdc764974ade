"""Runs out of an archive: what was asked for, or a reason that names the file."""

import os
import shutil

import pandas as pd
import pyarrow.parquet as pq
import pytest

from reports.archive.errors import ArchiveError
from reports.archive.folder import files
from reports.archive.reading import OF_ROUNDS, read
from reports.archive.schema import PARTITIONS, SCHEMA
from reports.archive.writing import add


@pytest.fixture
def two(at_commit, archive):
    """An archive of two runs, by machines of two kinds."""
    first = at_commit("1" * 40)
    machine = {**first["machine_info"], "cores": 64}
    return archive(first, at_commit("2" * 40, machine_info=machine))


def test_all_columns_but_the_rounds_are_read(two, document):
    frame = read(two)
    assert set(frame) == {*SCHEMA.names, *PARTITIONS} - {*OF_ROUNDS}
    assert len(frame) == 2 * (len(document["benchmarks"]) + 1)


def test_chosen_columns_rows_and_rounds_are_read(two):
    series = read(two, ["series"])["series"].iloc[0]
    hardware = next(name for name in read(two, ["hardware"])["hardware"] if "64" in name)
    chosen = read(two, ["commit", "round_seconds"], hardware=hardware, series=series)
    assert list(chosen) == ["commit", "round_seconds"]
    assert list(chosen["commit"]) == ["2" * 40]
    assert len(chosen["round_seconds"].iloc[0]) == 8


def test_a_series_that_nobody_measured_has_no_rows(two):
    assert read(two, series="of nobody").empty


def test_a_column_that_no_archive_has_is_refused(two):
    with pytest.raises(ValueError, match=r"expected columns of the archive. Received: speed"):
        read(two, ["ratio", "speed"])


def _text(path):
    path.write_text("not Parquet")


def _cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def _other(path):
    pd.DataFrame({"run": [1.5], "speed": ["high"]}).to_parquet(path)


def _fewer(path):
    pd.read_parquet(path).drop(columns=["series"]).to_parquet(path)


@pytest.mark.parametrize("damage", [_text, _cut, _other, _fewer])
def test_a_file_that_holds_something_else_is_named(two, damage):
    damaged = files(two)[1]
    damage(damaged)
    with pytest.raises(ArchiveError) as error:
        read(two, ["series", "ratio"])
    assert damaged.name in str(error.value)
    assert "expected what `python -m reports archive` wrote" in str(error.value)


def test_a_column_that_is_newer_than_a_file_is_null_there(two, at_commit, write):
    for path in files(two):
        pq.write_table(pq.read_table(path, partitioning=None).drop_columns(["stopped"]), path)
    assert read(two, ["stopped"])["stopped"].isna().all()
    (added,) = add(two, [write(at_commit("3" * 40), "run-3.json")])
    assert added.is_new
    frame = read(two, ["commit", "stopped"])
    known = frame["stopped"].notna()
    assert set(frame[known]["commit"]) == {"3" * 40}
    assert frame["commit"].nunique() == 3


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ArchiveError, match="no such folder"):
        read(tmp_path / "nowhere")


def test_an_archive_can_be_moved_and_joined_with_another(two, at_commit, archive):
    other = archive(at_commit("3" * 40), name="other")
    for path in files(other):
        target = two / path.relative_to(other)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    assert read(two, ["commit"])["commit"].nunique() == 3


def test_a_folder_that_may_not_be_read_is_named_with_the_reason(document, archive, monkeypatch):
    folder = archive(document)
    walk = os.scandir

    def closed(path):
        if "month=" in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return walk(path)

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(ArchiveError, match=r"archive: cannot be read: Permission denied"):
        read(folder)


def test_a_folder_that_may_not_be_looked_at_is_named_with_the_reason(tmp_path, monkeypatch):
    def closed(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.exists", closed)
    with pytest.raises(ArchiveError, match=r"archive: cannot be read: Permission denied"):
        read(tmp_path / "archive")
