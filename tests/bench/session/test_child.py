"""Child processes end as and when they should, whatever ends their parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.session import child

ROOT = Path(__file__).parents[3]
LONGEST = 30.0  # seconds, on a busy machine

# It says its process id, and then waits until it is ended.
WAITING = """
import os, sys, time
from bench.session.child import end_with_parent
if len(sys.argv) > 2:
    end_with_parent(int(sys.argv[2]))
try:
    open(sys.argv[1], "w").write(str(os.getpid()) + "\\n")
    time.sleep(600)
except KeyboardInterrupt:
    open(sys.argv[1], "a").write("interrupted\\n")
    sys.exit(2)
"""
PARENT = """
import sys
from pathlib import Path
from bench.session import child
words = [sys.executable, "-c", sys.argv[1], sys.argv[2]]
child.run_bound(lambda reader: [*words, str(reader)], Path.cwd())
"""


def python(*words):
    return [sys.executable, "-c", *map(str, words)]


@pytest.fixture
def parent(tmp_path):
    """A process that waits for its child, the file of the child, and the child's id."""
    file = tmp_path / "child"
    process = subprocess.Popen(
        python(PARENT, WAITING, file), cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    until(lambda: file.exists() and "\n" in file.read_text())
    yield process, file, int(file.read_text())
    process.kill()
    process.communicate()


def until(is_so):
    end = time.monotonic() + LONGEST
    while not is_so():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def is_running(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{number}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.posix
def test_a_killed_parent_leaves_no_child_behind(parent):
    process, _, number = parent
    assert is_running(number)
    process.kill()
    until(lambda: not is_running(number))


@pytest.mark.posix
def test_an_interrupted_parent_interrupts_its_child_once_and_waits(parent):
    process, file, number = parent
    process.send_signal(signal.SIGINT)
    assert "KeyboardInterrupt" in process.communicate(timeout=LONGEST)[1]
    assert not is_running(number)
    assert file.read_text() == f"{number}\ninterrupted\n"


@pytest.mark.posix
@pytest.mark.parametrize(
    ("code", "status"),
    [("raise SystemExit(3)", 3), ("import os; os.kill(os.getpid(), 9)", -9)],
)
def test_the_status_is_that_of_the_command(code, status, tmp_path):
    assert child.run(python(code), tmp_path) == status
    assert child.run_bound(lambda reader: python(code, reader), tmp_path) == status


def test_a_command_runs_in_its_folder_and_environment(tmp_path):
    code = "import os; open(os.environ['NAME'], 'w').write(os.getcwd())"
    assert child.run(python(code), tmp_path, {**os.environ, "NAME": "said"}) == 0
    assert (tmp_path / "said").read_text() == str(tmp_path)
