"""The hashes of the code tell apart what could measure otherwise, and nothing else."""

import pytest

from bench.fingerprint import NATIVE, fingerprint, library

LIBRARY = NATIVE / "libinvolution_native.so"


@pytest.fixture
def tree(tmp_path):
    write(tmp_path, "bench/cases.py", "a")
    write(tmp_path, "involution/layer.py", "b")
    return tmp_path


def write(tree, name, content):
    path = tree / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def test_it_is_short_and_the_same_again(tree):
    found = fingerprint(tree)
    assert found == fingerprint(tree)
    assert len(found["sources"]) == 16
    assert found["native kernels"] is None
    assert library(tree) is None


@pytest.mark.parametrize("name", ["README.md", "tests/test_a.py", "bench/notes.txt"])
def test_what_measures_nothing_does_not_count(tree, name):
    before = fingerprint(tree)
    write(tree, name, "new")
    assert fingerprint(tree) == before


@pytest.mark.parametrize("name", ["bench/cases.py", "bench/new.py", "reports/sweeps/intervals.py"])
def test_a_changed_or_new_source_counts(tree, name):
    before = fingerprint(tree)
    write(tree, name, "changed")
    assert fingerprint(tree)["sources"] != before["sources"]


def test_a_source_that_moves_counts(tree):
    before = fingerprint(tree)
    (tree / "bench/cases.py").rename(tree / "bench/others.py")
    assert fingerprint(tree)["sources"] != before["sources"]


def test_the_library_counts_by_its_content(tree):
    before = fingerprint(tree)
    write(tree, LIBRARY, "built")
    first = fingerprint(tree)
    assert first["sources"] == before["sources"]
    write(tree, LIBRARY, "built again, faster")
    assert None is not first["native kernels"] != fingerprint(tree)["native kernels"]


def test_this_clone_has_sources(tmp_path):
    assert fingerprint()["sources"] != fingerprint(tmp_path)["sources"]
