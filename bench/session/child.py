"""A child process whose output goes to the terminal, and how it ends with its parent."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


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
    return _waited(
        subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, process_group=0
        )
    )


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
        child = subprocess.Popen(
            command(reader),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            pass_fds=(reader,),
            process_group=0,
        )
    except BaseException:
        os.close(writer)
        raise
    finally:
        os.close(reader)
    try:
        return _waited(child)
    finally:
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


def _waited(child: subprocess.Popen[bytes]) -> int:
    try:
        return child.wait()
    except KeyboardInterrupt:
        if sys.platform != "win32":
            child.send_signal(signal.SIGINT)
        child.wait()
        raise
    finally:
        if child.poll() is None:  # interrupted for a second time
            child.kill()
            child.wait()
