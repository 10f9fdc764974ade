"""What runs on a node: describes it, and does one task at a time."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psutil

from bench.cluster import hardware

# How the folder of a copy of the code begins; the process that made it follows.
COPY = "bench-agent"
# Waits until its input ends, and as long as what the agent has started needs to end, too.
DELETE = 'cat > /dev/null; sleep 1; rm -rf -- "$1"'


class Agent:
    """An actor of Ray, one for each place.

    Args:
        work: does what a task asks for, and returns its value; a function or an object that was
            pickled where the command runs.
        slot: which of the places of the node this is, from 0.
        slots: how many places the node has: more than one, each with a GPU.
        gpus: how many GPUs the place has.
    """

    def __init__(self, work: Callable[[Any], Any], slot: int, slots: int, gpus: int) -> None:
        self._folder = _settle()
        self._deleter = _deleter(self._folder)
        self._work = work
        self._gpus = gpus
        _take_share(slot, slots)

    def describe(self) -> Mapping[str, Any]:
        """Describe the place."""
        return hardware.describe(self._gpus)

    def run(self, asked: Any) -> Any:
        """Do a task.

        Args:
            asked: what the task asks for.
        """
        return self._work(asked)

    def close(self) -> None:
        """End what the work has started, where it has a method `close`, and delete all files."""
        close = getattr(self._work, "close", None)
        if close is not None:
            close()
        self._deleter.kill()
        self._deleter.communicate()
        shutil.rmtree(self._folder, ignore_errors=True)


def _settle() -> str:
    """Go into a copy of the code; its folder, with all temporary files, is gone with this process.

    Ray deletes a folder of code that it thinks nobody needs; nodes of one host share it.
    """
    # Where the machine went down with an agent, nobody has deleted its folder.
    for old in Path(tempfile.gettempdir()).glob(f"{COPY}-*-*"):
        owner = old.name.split("-")[-2]
        if owner.isdecimal() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(old, ignore_errors=True)
    folder = tempfile.mkdtemp(prefix=f"{COPY}-{os.getpid()}-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    code = shutil.copytree(Path.cwd(), Path(folder, "code"))
    # Those of the processes that it starts, too: an agent that is killed deletes nothing itself.
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    os.chdir(code)
    sys.path.insert(0, str(code))
    return folder


def _deleter(folder: str) -> "subprocess.Popen[bytes]":
    """Start a process that deletes a folder as soon as this one is gone, however it ended."""
    return subprocess.Popen(
        ["sh", "-c", DELETE, "sh", folder],
        stdin=subprocess.PIPE,  # of which this process alone holds the other end
        cwd="/",
        start_new_session=True,
    )


def _take_share(slot: int, slots: int) -> None:
    """Leave this process, and those that it starts, its share of the cores."""
    if slots == 1 or not hasattr(os, "sched_setaffinity"):
        return
    cores = sorted(os.sched_getaffinity(0))
    share = len(cores) // slots or 1
    own = cores[slot * share : (slot + 1) * share] or cores[-share:]
    os.sched_setaffinity(0, own)
