"""Writers of an archive that are killed at random moments: `python -m ... ROUNDS FOLDER FILE...`.

Prints how many were killed. A timer of the system kills them, as `kill -9` does: nothing is cleaned
up, no `finally` is reached. They are forks of this process, which has imported everything already.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

from reports.archive.writing import add

WRITERS = 2


def main():
    rounds, folder, *files = int(sys.argv[1]), *map(Path, sys.argv[2:])
    start = time.perf_counter()
    assert _status(_forked(folder / "undisturbed", files)) == 0
    whole = time.perf_counter() - start
    chance, killed = random.Random(0), 0
    for number in range(rounds):
        moments = [chance.uniform(0, whole) for _ in range(WRITERS)]
        writers = [_forked(folder / f"archive-{number}", files, each) for each in moments]
        killed += sum(os.WIFSIGNALED(status) for status in map(_status, writers))
    print(killed)


def _status(process):
    return os.waitpid(process, 0)[1]


def _forked(folder, files, seconds=0.0):
    """Start a process that adds the files, and is killed after some time unless that is zero."""
    process = os.fork()
    if process:
        return process
    signal.setitimer(signal.ITIMER_REAL, seconds)  # whose signal ends the process
    for file in files:  # each by itself: files of the archive are replaced as often
        list(add(folder, [file]))
    os._exit(0)


if __name__ == "__main__":
    main()
