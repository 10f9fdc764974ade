"""Writers that are killed at random moments, two at once: nothing is lost, nothing half."""

import subprocess
import sys
from pathlib import Path

import pytest

from reports.archive import folder as folders
from reports.archive.reading import read
from reports.archive.writing import add
from tests.reports.archive import killing

ROOT = Path(__file__).parents[3]


@pytest.fixture
def files(at_commit, write):
    return [write(at_commit(f"{number:07x}"), f"run-{number}.json") for number in range(4)]


def test_killed_writers_lose_nothing_and_leave_nothing_half(files, tmp_path):
    words = [sys.executable, "-m", killing.__name__, str(tmp_path), *map(str, files)]
    process = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
    assert int(process.stdout) >= killing.ROUNDS
    expected = _sizes(tmp_path / "undisturbed")
    assert len(expected) == len(files)
    for number in range(killing.ROUNDS):
        archive = tmp_path / f"archive-{number}"
        if (archive / folders.MARKER).exists():  # otherwise killed before its first step
            assert _sizes(archive).items() <= expected.items()
        assert not any(addition.problems for addition in add(archive, files))
        assert _sizes(archive) == expected


def _sizes(archive):
    """How many rows an archive has of each run."""
    return read(archive, ["run"])["run"].value_counts().to_dict()
