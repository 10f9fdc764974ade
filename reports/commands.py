"""The commands of `python -m reports` that go by a word of their own."""

import shlex
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

# By the word that comes first. Imported only when it is asked for: the archive needs a library that
# the report does not.
MODULES = {"archive": "reports.archive.command", "merge": "reports.merging.command"}
# An option, which may stand anywhere.
HISTORY = "--history"
# The dependency group that has all libraries of these commands.
GROUP = "archive"
WRONG_USAGE = 2


def named(words: Sequence[str]) -> Callable[[], int] | None:
    """Find the command that a command line names.

    Args:
        words: as in `sys.argv[1:]`.

    Returns:
        What runs it and returns the exit status; None where the first word is no command, such as
        a file of results.
    """
    if any(word.partition("=")[0] == HISTORY for word in words):
        return _command(HISTORY, "reports.history.command", words)
    if words and words[0] in MODULES:
        return _command(words[0], MODULES[words[0]], words[1:])
    return None


def mistaken(paths: Sequence[Path]) -> str:
    """Say what was meant by a word that was taken for a file.

    Args:
        paths: the files of a command line.

    Returns:
        The command that was meant; nothing if there is such a file, or another word was given.
    """
    if not paths or f"--{paths[0]}" != HISTORY or paths[0].exists():
        return ""
    folder = shlex.quote(str(paths[1])) if len(paths) > 1 else "FOLDER"
    return f"the history of an archive is made by `python -m reports {HISTORY} {folder}`"


def _command(name: str, module: str, words: Sequence[str]) -> Callable[[], int]:
    try:
        return partial(import_module(module).main, words)
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library == "reports":
            raise
        return partial(_say_missing, name, library)


def _say_missing(word: str, library: str) -> int:
    """Say which library a command needs, and how to install it."""
    print(
        f"python -m reports {word}: needs {library}, which is not installed: "
        f"pip install -e . --group {GROUP}",
        file=sys.stderr,
    )
    return WRONG_USAGE
