"""The command line of the history."""

import json

import pytest

from reports.__main__ import main
from tests.bench.compare.conftest import git
from tests.reports.conftest import Builder


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Two runs of two commits."""
    folder = tmp_path_factory.mktemp("archive")
    files = []
    for number in range(2):
        builder = Builder(rounds=10, seed=number)
        document = builder.document(builder.sweep("stride"))
        document["commit_info"] |= {"id": f"{number + 1:040x}", "dirty": False}
        files.append(folder / f"{number}.json")
        files[-1].write_text(json.dumps(document))
    assert main(["archive", *map(str, files), "--to", str(folder / "kept")]) == 0
    return folder / "kept"


def test_a_page_and_a_summary_are_written(archive, tmp_path, capsys):
    page = tmp_path / "new" / "history.html"
    assert main(["--history", str(archive), "-o", str(page)]) == 0
    said = "2 commits of one machine are too few to tell whether anything got slower"
    assert f'<h1 id="verdict">{said}' in page.read_text(encoding="utf-8")
    assert str(page) in capsys.readouterr().out
    assert main([f"--history={archive}", "--format", "md", "-o", "-"]) == 0
    assert capsys.readouterr().out.startswith(f"# {said}")


def test_the_order_is_by_date_without_a_repository_or_on_demand(archive, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["--history", str(archive)]) == 0
    assert (tmp_path / "results/history.html").is_file()
    git(tmp_path, "init", "--quiet")
    words = ["--history", str(archive), "--repository", ".", "--order", "date", "-o", "a.html"]
    assert main(words) == 0


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--history", "missing"], "no such folder"),
        (["--history", "."], "no archive"),
        (
            ["--history", "ARCHIVE", "--repository", "missing"],
            "--repository: missing: No such file",
        ),
        (
            ["--history", "ARCHIVE", "--repository", "."],
            "--repository: expected a folder of a git repository. Received: .\n",
        ),
        (["--history", "ARCHIVE", "-o", "."], "it is a folder"),
        (["--history", "ARCHIVE", "-o", "ARCHIVE/_archive.json"], "it is inside the archive"),
        (["--history", "ARCHIVE", "-o", "ARCHIVE/new/page.html"], "it is inside the archive"),
        (["--history", "ARCHIVE", "--format", "csv"], "invalid choice: 'csv'"),
        (["file.json", "--history", "ARCHIVE"], "unrecognized arguments: file.json"),
        (["--history"], "expected one argument"),
    ],
)
def test_wrong_usage_is_refused_before_any_work(
    words, reason, archive, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        main([word.replace("ARCHIVE", str(archive)) for word in words])
    assert stopped.value.code == 2
    assert reason in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_help_names_the_options(capsys):
    with pytest.raises(SystemExit):
        main(["--history", "x", "--help"])
    said = capsys.readouterr().out
    assert all(word in said for word in ("--repository", "--order", "exit status", "archive"))


def test_a_reader_who_is_gone_is_no_fault_of_a_file(archive, monkeypatch):
    def gone(_):
        raise BrokenPipeError

    monkeypatch.setattr("reports.sources.terminal.write_utf8", gone)
    with pytest.raises(BrokenPipeError):
        main(["--history", str(archive), "-o", "-"])


def test_a_disk_that_is_full_is_named(archive, tmp_path, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert main(["--history", str(archive), "-o", str(tmp_path / "page.html")]) == 1
    assert "page.html: No space left on device" in capsys.readouterr().err
