"""Processes of both sides that alternate, a round each.

The state of a shared machine lasts about as long as a process does: of two that ran one after the
other, one had the better minute. So both are at work at once, and one of them waits while the other
runs a round of its cases (`bench/session/partner.py` is their end of it).
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from subprocess import Popen

from bench.compare.sides import Side
from bench.session import child
from bench.session.partner import VARIABLE


@dataclass(frozen=True)
class SideProcess:
    """One process of one side.

    Attributes:
        side: the side.
        words: options of `pytest bench`.
        path: the results file.
        log: the file for its output.
    """

    side: Side
    words: Sequence[str]
    path: Path
    log: Path


def run(processes: Sequence[SideProcess]) -> list[int]:
    """Measure in new processes.

    A process that asks for no turn, such as that of a revision which knows none, runs to its end
    before the next begins; so do all on Windows, where a process inherits no connection.

    Args:
        processes: one or two, in the order in which they begin.

    Returns:
        pytest's exit statuses.
    """
    if len(processes) == 1 or sys.platform == "win32":
        return [_status(process) for process in processes]
    with ExitStack() as stack:
        begun, links = list[Popen[bytes]](), list["Connection[bool, None]"]()
        for process in processes:
            ours, theirs = Pipe()
            stack.enter_context(ours)
            begun.append(stack.enter_context(_started(process, theirs)))
            # Until it asks for a turn, or ends.
            with suppress(EOFError):
                ours.recv()
                links.append(ours)
        if len(links) == len(processes):
            _take_turns(links)
        for link in links:  # whoever is left is alone from now on
            with suppress(OSError):
                link.send(False)  # noqa: FBT003 - the whole message
        return [each.wait() for each in begun]


def _status(process: SideProcess) -> int:
    with _started(process) as begun:
        return begun.wait()


@contextmanager
def _started(
    process: SideProcess, link: "Connection[bool, None] | None" = None
) -> Iterator[Popen[bytes]]:
    """Start a process, with its end of a connection."""
    command, folder, environment = process.side.command(process.words, process.path)
    descriptors = []
    if link:
        descriptors = [link.fileno()]
        environment[VARIABLE] = str(link.fileno())
    with ExitStack() as stack:
        log = stack.enter_context(process.log.open("ab"))
        begun = stack.enter_context(child.started(command, folder, environment, log, descriptors))
        if link:
            link.close()  # the process alone holds it, so that its end is seen
        yield begun


def _take_turns(links: "Sequence[Connection[bool, None]]") -> None:
    """Give turns, one after the other, until a process has ended."""
    while all(map(_has_returned, links)):
        pass


def _has_returned(link: "Connection[bool, None]") -> bool:
    """Give a process its turn, and say whether it has returned it; it has not if it ended."""
    try:
        link.send(True)  # noqa: FBT003 - the whole message
        link.recv()
    except (EOFError, OSError):
        return False
    return True
