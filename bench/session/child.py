"""A child process whose output goes to the terminal, and how it ends with its parent."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> int:
    """Run a command to its end.

    The command is a process group of its own: Ctrl-C reaches this process alone, which hands it
    on once and waits. A command that got it from both would be stopped while it stops. On Windows
    the console tells both, and this process only waits.

    Args:
        command: the program and its arguments.
        folder: where it runs.
        environment: its environment; that of this process for None.

    Returns:
        Its exit status, negative where a signal ended it.

    Raises:
        KeyboardInterrupt: if this process was interrupted; the command has ended by then.
    """
    with started(command, folder, environment) as child:
        return child.wait()


@contextmanager
def started(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
    descriptors: Sequence[int] = (),
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command, which has ended by the end of the block; see `run`.

    Args:
        command: the program and its arguments.
        folder: where it runs.
        environment: its environment; that of this process for None.
        output: where its output goes; the terminal for None.
        descriptors: of this process, which it shares.

    Yields:
        The process. An interrupt within the block is handed on to it.
    """
    child = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        pass_fds=descriptors,
        process_group=0,
    )
    with _ended(child):
        yield child


def run_bound(command: Callable[[int], Sequence[str]], folder: Path) -> int:
    """Run a command as `run` does; it also ends at once where this process is killed.

    Args:
        command: returns the program and its arguments for a file descriptor, which the program
            gives to `end_with_parent`.
        folder: where it runs.

    Returns:
        Its exit status, negative where a signal ended it.

    Raises:
        KeyboardInterrupt: if this process was interrupted; the command has ended by then.
    """
    # Only this process holds the end for writing. When it ends, however it does, the system closes
    # that end, and whoever reads from the other one is told.
    reader, writer = os.pipe()
    try:
        with started(command(reader), folder, descriptors=[reader]) as child:
            return child.wait()
    finally:
        os.close(reader)
        os.close(writer)


def end_with_parent(reader: int) -> None:
    """End this process as soon as its parent has ended.

    Args:
        reader: the descriptor that `run_bound` passed on.
    """

    def wait() -> None:
        os.read(reader, 1)
        # At once, as if it had been killed with its parent: the journal is written for that.
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


@contextmanager
def _ended(child: subprocess.Popen[bytes]) -> Iterator[None]:
    """Hand an interrupt of the block on to a process, and let it end."""
    try:
        yield
    except KeyboardInterrupt:
        if sys.platform != "win32":
            child.send_signal(signal.SIGINT)
        child.wait()
        raise
    finally:
        if child.poll() is None:  # interrupted for a second time
            child.kill()
            child.wait()
