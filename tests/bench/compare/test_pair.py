"""Pairs of real processes that write down when they have their turn."""

import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.compare import pair

# On Windows one process follows the other.
pytestmark = pytest.mark.posix

ROOT = Path(__file__).parents[3]
TAKING_TURNS = """
    import sys
    from bench.session.partner import partner

    name, rounds, path, status = sys.argv[1:]
    other = partner()
    for number in range(int(rounds)):
        if number:
            other.pause()
        with open(path, "a") as file:
            file.write(name)
    print("said by", name)
    sys.exit(int(status))
"""
KNOWING_NO_TURNS = TAKING_TURNS.replace("other = partner()", "").replace("other.pause()", "pass")


@dataclass
class Writer:
    """A side whose process writes its name once for each round."""

    name: str
    rounds: int
    code: str = TAKING_TURNS
    status: int = 0

    def command(self, words, path):
        code = textwrap.dedent(self.code)
        return (
            [sys.executable, "-c", code, self.name, str(self.rounds), str(path), str(self.status)],
            ROOT,
            {"PYTHONPATH": str(ROOT)},
        )


@pytest.fixture
def written(tmp_path):
    """Run sides; return what they wrote together, and their statuses."""

    def run(*sides):
        path = tmp_path / "written"
        processes = [
            pair.SideProcess(side, [], path, tmp_path / f"{side.name}.log") for side in sides
        ]
        statuses = pair.run(processes)
        return path.read_text(), statuses

    return run


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (Writer("a", 4), Writer("b", 4), "abababab"),
        (Writer("a", 5), Writer("b", 2), "ababaaa"),
        (Writer("a", 1), Writer("b", 3), "abbb"),
        (Writer("a", 3, KNOWING_NO_TURNS), Writer("b", 2), "aaabb"),
        (Writer("a", 2), Writer("b", 3, KNOWING_NO_TURNS), "bbbaa"),
    ],
)
def test_processes_take_turns_until_one_has_ended(first, second, expected, written):
    assert written(first, second) == (expected, [0, 0])


def test_one_process_waits_for_nobody(written):
    assert written(Writer("a", 2, KNOWING_NO_TURNS)) == ("aa", [0])


def test_one_that_fails_does_not_stop_the_other(written, tmp_path):
    assert written(Writer("a", 1, status=3), Writer("b", 3)) == ("abbb", [3, 0])
    assert (tmp_path / "a.log").read_text() == "said by a\n"
