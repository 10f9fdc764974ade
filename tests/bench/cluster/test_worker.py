"""A node's session: what the agent makes of one that hangs, dies or does not begin.

The session is pytest with a plugin of the test's own, which needs no TensorFlow.
"""

import os
import pickle
import shutil
import tempfile

import pytest

from bench.cluster.worker import SweepWork

pytestmark = pytest.mark.posix  # a cluster needs Linux or macOS

# It serves as the real one does, but for what it measures: names say what becomes of a test.
PLUGIN = """
import json, os, signal, sys, time
from multiprocessing.connection import Connection
from pathlib import Path
import pytest

def pytest_addoption(parser):
    parser.addoption("--serve", type=int)
    parser.addoption("--files")
    parser.addoption("--copied", action="store_true")

@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    link = Connection(session.config.option.serve)
    is_copied = session.config.option.copied
    link.send({"pid": os.getpid(), "cwd": os.getcwd(), "is_copied": is_copied})
    while True:
        request = link.recv()
        lines = [{"journal": 3}, {"at_work": request["tests"]}]
        if "hangs" in request["tests"] or "dies" in request["tests"]:
            write(request, lines)
            time.sleep(60) if "hangs" in request["tests"] else os.kill(os.getpid(), signal.SIGKILL)
        if "fails" in request["tests"] or "full" in request["tests"]:
            write(request, lines) if "fails" in request["tests"] else None
            print("OSError: no room")
            sys.stdout.flush()
            os._exit(3)
        lines += [{"measured": t, "benchmark": {"pid": os.getpid()}} for t in request["tests"]]
        write(request, [*lines, {"at_work": []}, {"spent": {"rounds": 1.0}}])
        link.send(0)
        if not is_copied:
            return True

def write(request, lines):
    text = "".join(json.dumps(line) + chr(10) for line in lines)
    Path(request["path"] + ".journal").write_text(text)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of code, as Ray makes it on a node, in which this process is."""
    place = tmp_path / "bench" / "cluster"
    place.mkdir(parents=True)
    for package in (place, place.parent):
        (package / "__init__.py").touch()
    (place / "serving.py").write_text(PLUGIN)
    monkeypatch.chdir(tmp_path)
    # Of pytest's plugins, the one whose option is given: the others take seconds to import.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p pytest_benchmark.plugin")
    return tmp_path


@pytest.fixture
def work(folder):
    """Ask a node's work to measure tests; `plan` is what its session says of itself."""
    made = []

    def start(*words):
        # As it travels to the node.
        work = pickle.loads(pickle.dumps(SweepWork(words)))
        made.append(work)

        def measure(*tests, limit=30.0):
            asked = {"asked": "measure", "tests": list(tests), "process": (1, 1), "begun": []}
            return work({**asked, "limit": limit})

        measure.close = work.close
        measure.plan = lambda: work({"asked": "plan"})
        return measure

    yield start
    for each in made:
        each.close()


def test_one_session_serves_many_requests(work, folder):
    measure = work("--copied")
    plan = measure.plan()
    assert plan["is_copied"]
    assert plan["cwd"] == str(folder)
    for _ in range(2):
        value = measure("a", "b")
        assert value["benchmarks"] == {test: {"pid": plan["pid"]} for test in "ab"}
        assert value["fault"] is None
        assert value["spent"] == {"rounds": 1.0}
        assert value["at_work"] == []


def test_a_session_that_cannot_be_copied_serves_one_request(work):
    measure = work()
    plan = measure.plan()
    first, second = (measure("a")["benchmarks"]["a"]["pid"] for _ in range(2))
    assert first == plan["pid"] != second


def test_what_hangs_is_ended_at_its_limit_and_the_next_one_is_served(work):
    measure = work("--copied")
    value = measure("hangs", limit=0.1)
    assert value["fault"] == "took longer than its limit of 0.1 s"
    assert value["at_work"] == ["hangs"]
    assert measure("a")["fault"] is None


def test_what_ends_its_process_is_told_with_the_signal_or_the_last_line(work):
    measure = work("--copied")
    assert measure("dies")["fault"] == "its process was killed by SIGKILL"
    value = measure("fails")
    assert value["fault"] == "its process ended with status 3: OSError: no room"
    assert value["benchmarks"] == {}


def test_a_node_that_cannot_write_that_a_case_begins_is_broken(work):
    value = work("--copied")("full")
    assert value == {"broken": "its process ended with status 3: OSError: no room"}


def test_a_node_where_the_session_cannot_begin_is_broken(work, folder):
    (folder / "bench" / "cluster" / "serving.py").write_text("raise ValueError('no TensorFlow')")
    plan = work("--copied").plan()
    assert list(plan) == ["broken"]
    assert plan["broken"].endswith("no TensorFlow")


def test_a_session_that_is_closed_leaves_no_files(work, tmp_path_factory, monkeypatch):
    files = tmp_path_factory.mktemp("files")
    monkeypatch.setattr(tempfile, "tempdir", str(files))
    measure = work("--copied")
    measure("a")
    assert len(list(files.iterdir())) == 1
    measure.close()
    assert list(files.iterdir()) == []


def test_options_that_pytest_does_not_take_come_back(work):
    assert "unrecognized arguments: --nonsense" in work("--nonsense").plan()["refused"]


def test_a_node_without_the_code_is_broken(folder, work):
    measure = work("--copied")
    shutil.rmtree(folder)
    assert "No such file" in measure.plan()["broken"]


def test_the_session_has_the_environment_of_the_user(folder, work, monkeypatch):
    plugin = folder / "bench" / "cluster" / "serving.py"
    monkeypatch.setenv("RAY_JOB_ID", "1")
    monkeypatch.setenv("MINE", "1")
    monkeypatch.setenv("PYTHONPATH", "/mine")
    plugin.write_text(PLUGIN.replace('"pid": os.getpid()', '"environment": dict(os.environ)', 1))
    found = work("--copied").plan()["environment"]
    assert found["MINE"] == "1"
    assert "RAY_JOB_ID" not in found
    assert found["PYTHONPATH"] == f"{folder}{os.pathsep}/mine"
