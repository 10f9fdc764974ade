"""Files are written whole or not at all, and never in place of something else."""

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reports.sources.writing import (
    UnwritableError,
    check_writable,
    free_name,
    new_file,
    write_json,
    write_text,
    write_whole,
)


def test_a_string_is_written_as_utf_8_with_its_folder(tmp_path):
    path = tmp_path / "new" / "page.html"
    assert write_text(path, "µs") == 3
    assert path.read_bytes() == b"\xc2\xb5s"
    assert list(path.parent.iterdir()) == [path]


def test_a_writer_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "bench.json"
    path.write_text("old")

    def fail(draft):
        draft.write_text("half")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_whole(path, fail)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_no_json_leaves_the_old_file(tmp_path):
    path = tmp_path / "run.json"
    path.write_text("old")
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, {"seconds": float("nan")})
    assert path.read_text() == "old"


@pytest.mark.posix
def test_a_file_has_the_usual_permissions(tmp_path):
    mask = os.umask(0o027)
    try:
        write_text(tmp_path / "page.html", "text")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "page.html").stat().st_mode) == 0o640


@pytest.mark.posix
def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path):
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    target.write_text("old")
    link.symlink_to(target)
    write_text(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


@pytest.mark.posix
@pytest.mark.parametrize("write", [check_writable, lambda path: write_text(path, "text")])
def test_what_is_no_regular_file_stays(tmp_path, write):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(UnwritableError, match="no regular file"):
        write(pipe)
    assert pipe.is_fifo()
    with pytest.raises(UnwritableError, match="it is a folder"):
        write(tmp_path)


def test_a_file_where_a_folder_must_be_is_named(tmp_path):
    (tmp_path / "README.md").touch()
    with pytest.raises(UnwritableError, match=r"README\.md is a file; expected a folder"):
        check_writable(tmp_path / "README.md" / "figures" / "page.html")


def test_a_check_leaves_nothing_behind(tmp_path):
    check_writable(tmp_path / "new" / "newer" / "page.html")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.posix
def test_a_free_name_is_the_first_that_nothing_has(tmp_path):
    path = tmp_path / "bench.json"
    assert free_name(path, new_file) == path
    (tmp_path / "bench-2.json").symlink_to("nowhere")
    assert free_name(path, new_file) == tmp_path / "bench-3.json"
    assert free_name(path, Path.mkdir) == tmp_path / "bench-4.json"
    assert (tmp_path / "bench-4.json").is_dir()


def test_two_that_look_for_a_free_name_at_once_find_two(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda _: free_name(tmp_path / "run", new_file), range(40)))
    assert len(set(names)) == len(list(tmp_path.iterdir())) == 40


@pytest.mark.posix
@pytest.mark.parametrize("name", ["x" * 255, "x" * 250 + ".json"])
def test_a_name_may_be_as_long_as_a_name_can_be(tmp_path, name):
    check_writable(tmp_path / name)
    write_text(tmp_path / name, "text")
    assert (tmp_path / name).read_text() == "text"


@pytest.mark.posix
def test_a_name_that_is_too_long_is_refused_before_the_work(tmp_path):
    with pytest.raises(UnwritableError, match="File name too long"):
        check_writable(tmp_path / ("x" * 256))


@pytest.mark.posix
def test_links_that_lead_in_a_circle_are_refused(tmp_path):
    link = tmp_path / "link"
    link.symlink_to(link)
    with pytest.raises(UnwritableError, match="symbolic links"):
        check_writable(link)


def test_a_folder_that_cannot_be_written_is_refused_before_the_work(tmp_path, monkeypatch):
    """As a folder that is mounted to be read only; the tests may be run by root, who may all."""

    def refuse(**where):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(UnwritableError, match="Read-only file system"):
        check_writable(tmp_path / "page.html")


def test_a_file_that_is_mounted_is_written_in_place(tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    path.write_text("old")
    number = path.stat().st_ino

    def refuse(source, target):
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(Path, "replace", refuse)
    write_text(path, "new")
    assert path.read_text() == "new"
    assert path.stat().st_ino == number
    assert list(tmp_path.iterdir()) == [path]
