"""The command: what it says of each file, its exit statuses, and what it needs."""

import pytest

from reports import commands
from reports.__main__ import main


@pytest.fixture
def status(capsys):
    """Run a command line: its exit status, and what it wrote to both streams."""

    def run(*words):
        try:
            found = main([str(word) for word in words])
        except SystemExit as stop:
            found = stop.code
        return found, *capsys.readouterr()

    return run


def test_each_file_is_named_with_what_became_of_it(document, at_commit, write, tmp_path, status):
    files = [write(document, "a.json"), write(at_commit("2" * 40), "b.json")]
    folder = tmp_path / "archive"
    found, out, err = status("archive", *files, files[0], "--to", folder)
    count = len(document["benchmarks"]) + 1
    assert (found, err) == (0, "")
    assert out.splitlines() == [
        f"{files[0]}: added, {count} records",
        f"{files[1]}: added, {count} records",
        f"{files[0]}: there already, {count} records",
        f"{folder}: 2 runs added, 1 run there already",
    ]
    assert status("archive", *files, "--to", folder)[1].endswith(": 2 runs there already\n")


def test_what_is_left_out_is_named_and_changes_the_status(document, write, tmp_path, status):
    empty = write("", "empty.json")
    found, out, err = status("archive", empty, write(document), "--to", tmp_path / "archive")
    assert found == 1
    assert err.startswith(f"{empty}: empty")
    assert out.splitlines()[-1].endswith("archive: 1 run added, 1 run left out")


def test_what_holds_no_run_is_named_and_leaves_the_status(document, write, tmp_path, status):
    state = write({"compared": {}, "seconds": {}}, "state.json")
    whole = write(document)
    part = write({**document, "benchmarks": document["benchmarks"][:2]}, "part.json")
    folder = tmp_path / "archive"
    found, out, err = status("archive", state, part, whole, "--to", folder)
    assert (found, err) == (0, "")
    assert out.splitlines() == [
        f"{state}: skipped, the state of a comparison, by which --resume goes on",
        f"{part}: skipped, all of its rounds are in {whole}",
        f"{whole}: added, {len(document['benchmarks']) + 1} records",
        f"{folder}: 1 run added, 2 files skipped",
    ]


def test_what_is_no_archive_is_wrong_usage(document, write, tmp_path, status):
    found, out, err = status("archive", write(document), "--to", tmp_path)
    assert (found, out) == (2, "")
    assert "no archive: expected a folder with _archive.json" in err


def test_files_and_folder_are_needed(status):
    assert status("archive", "a.json")[0] == 2
    assert status("archive", "--to", "b")[0] == 2


def test_a_disk_that_fills_up_ends_the_command(document, write, tmp_path, status, monkeypatch):
    folder = tmp_path / "archive"
    assert status("archive", write("", "empty.json"), "--to", folder)[0] == 1

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    found, _, err = status("archive", write(document), "--to", folder)
    assert found == 1
    assert "No space left on device; the runs named above are kept" in err


def test_a_library_that_is_missing_is_named_with_how_to_install_it(monkeypatch, status):
    monkeypatch.setitem(commands.MODULES, "archive", "nobody_has_this.command")
    found, _, err = status("archive", "--help")
    assert found == 2
    assert "needs nobody_has_this, which is not installed: pip install -e . --group archive" in err


def test_a_file_may_have_the_name_of_a_command_if_its_path_says_so(status):
    found, _, err = status("./merge", "-o", "-")
    assert found == 1
    assert "merge: no such file" in err


@pytest.mark.parametrize(
    ("words", "command"), [([], "--history FOLDER"), (["an archive"], "--history 'an archive'")]
)
def test_a_word_that_is_no_command_says_which_was_meant(
    words, command, status, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    found, _, err = status("history", *words)
    assert found == 2
    assert f"`python -m reports {command}`" in err
    (tmp_path / "history").write_text("")  # a file of that name is read
    assert "history: empty" in status("history", "-o", "-")[2]
