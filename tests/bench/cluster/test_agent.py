"""An agent keeps its code, whatever Ray deletes, and leaves none behind."""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from bench.cluster.agent import COPY, Agent

pytestmark = pytest.mark.posix  # a cluster needs Linux or macOS

ROOT = Path(__file__).parents[3]


@pytest.fixture
def code(tmp_path, monkeypatch):
    """A folder of code in which agents begin; what they change of the process is undone."""
    folder, temporary = tmp_path / "code", tmp_path / "temporary"
    for each in (folder, temporary):
        each.mkdir()
    (folder / "module_of_a_node.py").write_text("")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def begun(code):
    """Begin agents, which are closed in the end."""
    with ExitStack() as stack:

        def begin(work):
            agent = Agent(work, 0, 1, 0)
            stack.callback(agent.close)
            return agent

        yield begin


def test_an_agent_works_in_a_copy_of_its_code(code, begun):
    agent = begun(lambda _: [Path.cwd(), *Path.cwd().iterdir()])
    (code / "module_of_a_node.py").unlink()
    folder, *files = agent.run(None)
    assert [file.name for file in files] == ["module_of_a_node.py"]
    assert folder != code
    assert sys.path[0] == str(folder)


def test_temporary_files_are_in_the_folder_that_is_removed_with_the_agent(code, begun, tmp_path):
    agent = begun(lambda _: (tempfile.mkdtemp(), os.environ["TMPDIR"]))
    made, named = agent.run(None)
    [folder] = (tmp_path / "temporary").glob(f"{COPY}-*")
    assert Path(made).parent == Path(named) == folder
    agent.close()
    assert list((tmp_path / "temporary").iterdir()) == []


def test_the_folder_of_an_agent_that_is_killed_is_removed_without_another_agent(code, tmp_path):
    start = (
        "from bench.cluster.agent import Agent; a = Agent(len, 0, 1, 0); print(flush=True); input()"
    )
    killed = subprocess.Popen(
        [sys.executable, "-c", start],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    killed.stdout.readline()
    [folder] = (tmp_path / "temporary").glob(f"{COPY}-{killed.pid}-*")
    killed.kill()
    killed.communicate()
    end = time.monotonic() + 30
    while folder.exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert not folder.exists()


def test_copies_of_agents_that_were_killed_are_removed(code, begun, tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, used = (tmp_path / "temporary" / f"{COPY}-{pid}-x" for pid in (ended.pid, os.getpid()))
    left.mkdir()
    used.mkdir()
    begun(len)
    assert not left.exists()
    assert used.exists()
