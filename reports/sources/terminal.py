"""How a command meets its terminal: no encoding and no reader that is gone ends in a traceback."""

import io
import os
import sys
from collections.abc import Callable

# As a shell says it of a process that wrote to a reader that is gone: 128 and SIGPIPE.
READER_IS_GONE = 141


def run(main: Callable[[], int]) -> int:
    """Run a command line.

    Args:
        main: runs it and returns its exit status.

    Returns:
        The exit status; `READER_IS_GONE` where standard output was closed, as by `head`.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A letter that the terminal lacks is written as an escape.
            stream.reconfigure(errors="backslashreplace")
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more at its end, which would fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_IS_GONE
    return status


def write_utf8(text: str) -> None:
    """Write a file to standard output as UTF-8, whatever the encoding of the terminal.

    Args:
        text: the content of a file that says of itself that it is UTF-8.
    """
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
