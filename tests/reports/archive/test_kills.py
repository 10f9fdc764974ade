"""Writers that are killed at random moments, two at once: nothing is lost, nothing half.

The acceptance test of the archive does the same more often.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from reports.archive import folder as folders
from reports.archive.reading import read
from reports.archive.writing import add
from tests.reports.archive import killing

ROOT = Path(__file__).parents[3]
ROUNDS = 5


@pytest.fixture
def files(at_commit, write):
    return [write(at_commit(f"{number:07x}"), f"run-{number}.json") for number in range(3)]


@pytest.mark.posix
def test_killed_writers_lose_nothing_and_leave_nothing_half(files, tmp_path):
    assert kill(files, tmp_path, ROUNDS) >= ROUNDS


def kill(files, folder, rounds):
    """Kill two writers a round, and check what is there; return how many were killed."""
    words = [sys.executable, "-m", killing.__name__, rounds, folder, *files]
    process = subprocess.run(
        [*map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, process.stderr
    expected = _sizes(folder / "undisturbed")
    assert len(expected) == len(files)
    for number in range(rounds):
        archive = folder / f"archive-{number}"
        if (archive / folders.MARKER).exists():  # otherwise killed before their first step
            assert _sizes(archive).items() <= expected.items()
        assert not any(addition.problems for addition in add(archive, files))
        assert _sizes(archive) == expected
    return int(process.stdout)


def _sizes(archive):
    """How many rows an archive has of each run."""
    return read(archive, ["run"])["run"].value_counts().to_dict()
