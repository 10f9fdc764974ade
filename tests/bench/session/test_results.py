import os

import pytest

from bench.session.progress import ATTEMPTS, Progress
from bench.session.results import check, put_aside, save
from tests.bench.session.test_journal import HEADER

WRITTEN = 1_700_000_000


def written(path, content="{}"):
    path.write_text(content)
    os.utime(path, (WRITTEN, WRITTEN))


@pytest.mark.parametrize("name", ["file/bench.json", "."])
def test_results_that_cannot_be_written_are_refused(tmp_path, name):
    (tmp_path / "file").touch()
    with pytest.raises(pytest.UsageError, match="must be writable before a sweep begins"):
        check(tmp_path / name)


@pytest.mark.posix
@pytest.mark.parametrize("name", ["bench.json", "bench.json.journal"])
def test_results_that_are_no_regular_file_are_refused(tmp_path, name):
    pipe = tmp_path / name
    os.mkfifo(pipe)
    with pytest.raises(pytest.UsageError, match="no regular file"):
        check(tmp_path / "bench.json")
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


def test_two_older_files_of_the_same_second_are_both_kept(tmp_path):
    path = tmp_path / "bench.json"
    for run in ("first", "second"):
        written(path, f'"{run}"')
        put_aside(path)
        assert not path.exists()
    kept = sorted(file.name for file in tmp_path.iterdir())
    assert len(kept) == 2
    assert kept[0].startswith("bench-2023111")
    assert kept[0].endswith("-2.json")
    assert {(tmp_path / name).read_text() for name in kept} == {'"first"', '"second"'}


@pytest.mark.parametrize(("keeps_older", "files"), [(True, 2), (False, 1)])
def test_an_older_default_file_is_kept(tmp_path, keeps_older, files):
    path = tmp_path / "bench.json"
    written(path)
    save(path, {"new": 1}, keeps_older=keeps_older)
    assert "new" in path.read_text()
    assert len(list(tmp_path.iterdir())) == files


def test_an_older_file_stays_where_the_new_one_cannot_be_written(tmp_path):
    path = tmp_path / "bench.json"
    written(path, "old")
    with pytest.raises(ValueError, match="JSON"):
        save(path, {"new": float("nan")}, keeps_older=True)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_partial_results_of_the_same_run_are_replaced(tmp_path):
    path = tmp_path / "bench.json"
    written(path)
    progress = Progress(path, ["a", "b"])
    for test in "ab":
        assert progress.begin(HEADER) is None if test == "a" else progress.resume(HEADER)
        progress.journal.measured(test, {"name": test})
        progress.publish({"benchmarks": progress.benchmarks}, keeps_older=True)
    assert progress.is_complete
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names[1:] == ["bench.json", "bench.json.journal"]
    assert names[0].startswith("bench-2023111")


def test_the_journal_of_an_interrupted_run_is_kept_when_it_is_not_resumed(tmp_path):
    progress = Progress(tmp_path / "bench.json", ["a", "b"])
    progress.begin(HEADER)
    progress.journal.measured("a", {"name": "a"})
    kept = Progress(tmp_path / "bench.json", ["a", "b"]).begin(HEADER)
    assert kept.name.startswith("bench.json-2")
    assert '"measured"' in kept.read_text()


def test_cases_are_in_the_order_of_the_plan(tmp_path):
    progress = Progress(tmp_path / "bench.json", ["a", "b", "c"])
    progress.begin(HEADER)
    for test in "cab":
        progress.journal.measured(test, {"name": test})
    assert [entry["name"] for entry in progress.benchmarks] == ["a", "b", "c"]


def test_a_case_that_is_finished_is_not_hopeless(tmp_path):
    progress = Progress(tmp_path / "bench.json", ["a", "b"])
    progress.begin(HEADER)
    for _ in range(ATTEMPTS):
        progress.at_work(["a"])
        progress.resume(HEADER)
    assert progress.is_hopeless("a")
    progress.journal.unmeasured("a", {})
    assert not progress.is_hopeless("a")
