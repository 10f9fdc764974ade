import os
import sys
import zipfile
from pathlib import Path

import pytest

from bench.compare import native
from bench.compare.errors import ComparisonUsageError
from tests.bench.compare.conftest import write

LIBRARY = "involution/ops/native/libinvolution_native.so"


@pytest.fixture
def trees(tmp_path):
    """This tree with its library, and a worktree of the same sources without one."""
    found = tmp_path / "this", tmp_path / "before"
    for tree in found:
        for name in ("cpp/kernels.cc", "__init__.py"):
            os.utime(write(tree, f"involution/ops/native/{name}", "same"), (1000, 1000))
        os.utime(write(tree, "CMakeLists.txt", "same"), (1000, 1000))
    write(found[0], LIBRARY, "built here")
    return found


def provide(trees):
    return native.provide(*trees, Path(sys.executable))


def test_the_library_of_equal_sources_is_copied(trees):
    assert "the same" in provide(trees)
    assert (trees[1] / LIBRARY).read_text() == "built here"


@pytest.mark.parametrize(
    "name", ["CMakeLists.txt", "cmake/compiler.cmake", "involution/ops/native/cpp/a.h"]
)
def test_the_library_of_other_sources_is_built(trees, monkeypatch, name):
    def wheel(tree, python):
        write(tree, LIBRARY, "built there")

    monkeypatch.setattr(native, "_build", wheel)
    write(trees[1], name, "other")
    assert "built from its sources" in provide(trees)
    assert (trees[1] / LIBRARY).read_text() == "built there"


def test_a_library_comes_out_of_the_wheel(trees, monkeypatch):
    def run(words, **options):
        assert options["env"]["INVOLUTION_REQUIRE_NATIVE"] == "1"
        folder = Path(words[words.index("-w") + 1])
        with zipfile.ZipFile(folder / "involution-0.whl", "w") as wheel:
            wheel.writestr(LIBRARY, "of the wheel")
            wheel.writestr("involution/__init__.py", "")
        return type("Done", (), {"returncode": 0, "stdout": ""})

    monkeypatch.setattr(native.subprocess, "run", run)
    write(trees[1], "CMakeLists.txt", "other")
    provide(trees)
    assert (trees[1] / LIBRARY).read_text() == "of the wheel"


def test_a_library_that_cannot_be_built_stops_the_comparison(trees, tmp_path):
    """A folder that is no Python project: pip refuses it, without asking the network."""
    write(trees[1], "CMakeLists.txt", "other")
    with pytest.raises(ComparisonUsageError, match=r"cannot be built:\n.*(?s:.)*not installable"):
        provide(trees)


def test_a_library_older_than_its_sources_is_refused(trees):
    os.utime(trees[0] / LIBRARY, (999, 999))
    with pytest.raises(ComparisonUsageError, match=r"is older than .*: build it first"):
        provide(trees)


def test_without_a_library_here_neither_side_has_one(trees):
    (trees[0] / LIBRARY).unlink()
    assert "neither side" in provide(trees)
    assert native.library(trees[1]) is None


def test_a_revision_from_before_the_kernels_needs_none(trees, tmp_path):
    assert "no native kernels" in native.provide(trees[0], tmp_path, Path(sys.executable))
