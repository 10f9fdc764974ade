"""Runs into an archive: each once, wherever it belongs, and nothing into what is no archive."""

import json
import os

import pandas as pd
import pyarrow.parquet as pq
import pytest

from reports.archive.errors import ArchiveError
from reports.archive.folder import files
from reports.archive.reading import read
from reports.archive.writing import add
from reports.sources.archive import MARKER


def statuses(additions):
    return [(bool(each.run), each.is_new) for each in additions]


def test_the_same_run_twice_is_one(document, write, tmp_path):
    first = write(document, "bench.json")
    again = write(json.dumps(document, indent=4, sort_keys=True), "copy.json")
    added = list(add(tmp_path / "archive", [first, first, again]))
    assert statuses(added) == [(True, True), (True, False), (True, False)]
    assert statuses(add(tmp_path / "archive", [again])) == [(True, False)]
    assert set(read(tmp_path / "archive", ["run"])["run"]) == {added[0].run}
    assert len(read(tmp_path / "archive")) == added[0].records == len(document["benchmarks"]) + 1


def test_runs_go_to_folders_by_hardware_and_month(at_commit, archive):
    small = at_commit("1" * 40)
    large = at_commit("2" * 40, machine_info={**small["machine_info"], "cores": 64})
    later = at_commit("3" * 40, when="2026-02-01T00:00:00+00:00")
    folder = archive(small, large, later)
    frame = read(folder, ["commit", "hardware", "month"]).drop_duplicates()
    found = {commit[0]: (hardware, month) for commit, hardware, month in frame.to_numpy()}
    assert found["1"][0] == found["3"][0] != found["2"][0]
    assert [found[number][1] for number in "123"] == ["2026-01", "2026-01", "2026-02"]
    assert found["2"][0].startswith("example-cpu-2-0-64-cores-8-gib-")


def test_pandas_reads_the_folder_by_itself(document, archive):
    folder = archive(document)
    frame = pd.read_parquet(folder)
    assert len(frame) == len(document["benchmarks"]) + 1
    assert {"hardware", "month", "ratio", "round_seconds"} <= set(frame)
    assert set(frame["month"].astype(str)) == {"2026-01"}


def test_what_is_wrong_with_one_file_does_not_stop_the_others(document, write, tmp_path):
    broken = {**document, "benchmarks": [{}, *document["benchmarks"]], "datetime": ""}
    files = [write("", "empty.json"), tmp_path, write(broken, "broken.json"), write(document)]
    empty, folder, partly, good = add(tmp_path / "archive", files)
    assert statuses([empty, folder, partly, good]) == [(False, False)] * 2 + [(True, True)] * 2
    assert "empty" in empty.problems[0]
    assert "a folder" in folder.skipped
    assert "left out" in partly.problems[0]
    assert partly.records == good.records
    assert set(read(tmp_path / "archive", ["month"])["month"]) == {"unknown", "2026-01"}


def test_a_run_without_a_valid_record_is_left_out(document, write, tmp_path):
    (found,) = add(tmp_path / "archive", [write({**document, "benchmarks": [], "unmeasured": []})])
    assert not found.run
    assert found.problems == ("holds no valid record",)


NEWER = '{"archive": 2}'


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("notes.txt", "mine", f"no archive: expected a folder with {MARKER}"),
        (
            MARKER,
            NEWER,
            "written by a newer version. Expected format 1 of the archive. Received: 2",
        ),
        (MARKER, "{", "not JSON"),
        (MARKER, "[]", "expected archive=1. Received: []"),
        (MARKER, '{"archive": true}', "expected archive=1"),
    ],
)
def test_what_is_no_archive_of_this_version_is_neither_written_nor_read(
    document, write, tmp_path, name, content, reason
):
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / name).write_text(content)
    for use in (lambda: add(folder, [write(document)]), lambda: read(folder)):
        with pytest.raises(ArchiveError) as error:
            use()
        assert reason in str(error.value)
    assert [path.name for path in folder.iterdir()] == [name]


def test_a_file_in_the_place_of_the_folder_is_refused(document, write, tmp_path):
    place = write(document)
    with pytest.raises(ArchiveError, match="a file; expected the folder of an archive"):
        add(place, [place])


def test_a_part_of_a_plan_is_left_out(document, write, tmp_path):
    shard = {"number": 1, "count": 2, "cases": 3, "plan": ["a", "b"]}
    (found,) = add(tmp_path / "archive", [write({**document, "shard": shard})])
    assert not found.run
    assert "`python -m reports merge` joins the parts" in found.problems[0]


def test_columns_of_a_newer_version_are_not_lost(document, at_commit, archive, write):
    folder = archive(document)
    (newer,) = files(folder)
    table = pq.read_table(newer, partitioning=None)
    pq.write_table(table.append_column("seconds_of_tomorrow", table["seconds"]), newer)
    list(add(folder, [write(at_commit("2" * 40), "b.json")]))
    assert "seconds_of_tomorrow" in pq.read_schema(newer).names
    assert len(files(folder)) == 2
    assert len(read(folder, ["commit"])["commit"].unique()) == 2


def test_drafts_of_a_killed_writer_are_deleted_by_the_next(document, at_commit, archive, write):
    folder = archive(document)
    (file,) = files(folder)
    draft, other = file.with_name(f".{file.name[:8]}.abc_1"), file.with_name(".mine")
    draft.touch()
    other.touch()
    list(add(folder, [write(at_commit("2" * 40), "b.json")]))
    assert not draft.exists()
    assert other.exists()


def test_drafts_of_a_killed_writer_make_no_folder_full(document, write, tmp_path):
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "._archiv.abc").write_text("{")
    assert statuses(add(tmp_path / "archive", [write(document)])) == [(True, True)]


def test_a_full_disk_keeps_what_is_there(document, at_commit, write, tmp_path, monkeypatch):
    files = [write(document, "a.json"), write(at_commit("2" * 40), "b.json")]
    list(add(tmp_path / "archive", files[:1]))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ArchiveError, match=r"cannot write .*: No space left on device"):
        list(add(tmp_path / "archive", files))
    monkeypatch.undo()
    assert read(tmp_path / "archive", ["commit"])["commit"].unique() == ["0123456789abcdef"]
    assert statuses(add(tmp_path / "archive", files)) == [(True, False), (True, True)]
