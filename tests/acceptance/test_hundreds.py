"""Hundreds of nodes: the driver of a cluster keeps up with virtual ones, a few minutes."""

import subprocess
import sys
import time

import psutil

from tests.acceptance import command

NODES, UNITS = 200, 10_000
MOST_SECONDS, MOST_BYTES = 600, 2 * 2**30


def test_two_hundred_nodes_are_kept_busy(say):
    """In a new process: what it takes of memory is that of the driver, of Ray and of the nodes."""
    command_line = [sys.executable, "-m", "tests.acceptance.virtual", str(NODES), str(UNITS)]
    start, most = time.perf_counter(), 0
    process = psutil.Popen(command_line, cwd=command.ROOT, stdout=subprocess.PIPE, text=True)
    while True:
        try:
            said, _ = process.communicate(timeout=1.0)
            break
        except subprocess.TimeoutExpired:
            most = max(most, _bytes(process))
    seconds = time.perf_counter() - start
    assert process.returncode == 0
    say(f"{said.strip()}; {seconds:.0f} s, {most / 2**30:.2f} GiB")
    assert seconds < MOST_SECONDS
    assert most < MOST_BYTES


def _bytes(process):
    """The memory of a process and all that it started, what they share counted once."""
    total = 0
    for each in [process, *process.children(recursive=True)]:
        try:
            total += each.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return total
