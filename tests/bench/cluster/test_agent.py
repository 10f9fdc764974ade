"""An agent keeps its code, whatever Ray deletes, and leaves none behind."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bench.cluster.agent import COPY, Agent

pytestmark = pytest.mark.posix  # a cluster needs Linux or macOS


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


def test_an_agent_works_in_a_copy_of_its_code(code):
    agent = Agent(lambda _: [Path.cwd(), *Path.cwd().iterdir()], 0, 1, 0)
    (code / "module_of_a_node.py").unlink()
    folder, *files = agent.run(None)
    assert [file.name for file in files] == ["module_of_a_node.py"]
    assert folder != code
    assert sys.path[0] == str(folder)


def test_temporary_files_are_in_the_folder_that_is_removed_with_the_agent(code, tmp_path):
    agent = Agent(lambda _: (tempfile.mkdtemp(), os.environ["TMPDIR"]), 0, 1, 0)
    made, named = agent.run(None)
    [folder] = (tmp_path / "temporary").glob(f"{COPY}-*")
    assert Path(made).parent == Path(named) == folder
    agent.close()
    assert list((tmp_path / "temporary").iterdir()) == []


def test_copies_of_agents_that_were_killed_are_removed(code, tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, used = (tmp_path / "temporary" / f"{COPY}-{pid}-x" for pid in (ended.pid, os.getpid()))
    left.mkdir()
    used.mkdir()
    Agent(len, 0, 1, 0)
    assert not left.exists()
    assert used.exists()
