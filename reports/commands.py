"""The commands of `python -m reports` that go by a word of their own, which comes first."""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module

Command = Callable[[Sequence[str]], int]

# Imported only when it is asked for: the archive needs a library that the report does not.
MODULES = {"archive": "reports.archive.command", "merge": "reports.merging.command"}
# The dependency group that has all libraries of these commands.
GROUP = "archive"
WRONG_USAGE = 2


def named(words: Sequence[str]) -> Command | None:
    """Find the command that the first word of a command line names.

    Args:
        words: as in `sys.argv[1:]`.

    Returns:
        What runs the other words and returns the exit status; None where the first is no command,
        such as a file of results.
    """
    if not words or words[0] not in MODULES:
        return None
    try:
        found: Command = import_module(MODULES[words[0]]).main
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library == "reports":
            raise
        return lambda _: _say_missing(words[0], library)
    return found


def _say_missing(word: str, library: str) -> int:
    """Say which library a command needs, and how to install it."""
    print(
        f"python -m reports {word}: needs {library}, which is not installed: "
        f"pip install -e . --group {GROUP}",
        file=sys.stderr,
    )
    return WRONG_USAGE
