"""Where a command writes its output: into a file, or to the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reports.sources import terminal
from reports.sources.files import shown_path
from reports.sources.writing import UnwritableError, write_text
from reports.text import units


class NotWrittenError(ValueError):
    """A page that could not be written; the message says which and why."""


def is_terminal(output: Path) -> bool:
    """Say whether a path stands for the terminal.

    Args:
        output: what the option `-o` names.
    """
    return str(output) == "-"


def put(text: str, output: Path, form: str) -> None:
    """Write a string to a file, and print where it is; or write it to the terminal.

    Args:
        text: the string.
        output: a file, or `-` for the terminal.
        form: its format, such as "html".

    Raises:
        NotWrittenError: if it cannot be written.
        BrokenPipeError: if the reader of standard output is gone, which is no fault of a file.
    """
    with refusing(output):
        if not is_terminal(output):
            said = units.quantity(write_text(output, text), units.BYTES)
            print(f"{shown_path(output)} ({said})")
        elif form == "html":  # which says of itself that it is UTF-8
            terminal.write_utf8(text)
        else:
            print(text, end="")


@contextmanager
def refusing(output: Path) -> Iterator[None]:
    """Name the file that could not be written.

    Args:
        output: what is written in this context.

    Raises:
        NotWrittenError: if it cannot be written.
        BrokenPipeError: if the reader of standard output is gone.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, UnwritableError) as error:
        reason = getattr(error, "strerror", None) or error
        raise NotWrittenError(f"cannot write {shown_path(output)}: {reason}") from error
