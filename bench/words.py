"""The words behind `--`: options of `pytest bench`, for every command that starts it."""

import argparse
import shlex
from collections.abc import Iterable, Sequence

# Options of `pytest bench` that a command which starts it sets itself, or without which nothing is
# measured.
RESERVED = (
    *("--benchmark-json", "--processes", "--process", "--resume"),
    *("--collect-only", "--co", "--benchmark-disable", "--benchmark-skip"),
)


def split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Separate the options of a command from those of `pytest bench`.

    Args:
        arguments: as in `sys.argv[1:]`.

    Returns:
        What is before the first `--`, and what is after it.

    Example:
        >>> split(["main", "--", "-k", "core"])
        (['main'], ['-k', 'core'])
    """
    words = list(arguments)
    if "--" not in words:
        return words, []
    place = words.index("--")
    return words[:place], words[place + 1 :]


def parsed(
    parser: argparse.ArgumentParser, arguments: Sequence[str]
) -> tuple[argparse.Namespace, list[str]]:
    """Parse the options of a command; one that it does not know may be meant for `pytest bench`.

    Args:
        parser: of the command's own options.
        arguments: as in `sys.argv[1:]`.

    Returns:
        The command's options, and the words behind `--`. Wrong usage ends the program, as the
        parser does.
    """
    own, words = split(arguments)
    given, unknown = parser.parse_known_args(own)
    if unknown:
        shown = shlex.join(unknown)
        parser.error(
            f"unrecognized arguments: {shown}. Options of pytest bench follow behind `--`: "
            f"-- {shlex.join([*unknown, *words])}"
        )
    return given, words


def resuming(program: str, arguments: Sequence[str]) -> str:
    """Write the command that goes on with what another one began.

    Args:
        program: such as "bench.cluster".
        arguments: as in `sys.argv[1:]`, of the command that was stopped.

    Example:
        >>> resuming("bench.compare", ["main", "--", "-k", "a or b"])
        "python -m bench.compare main --resume -- -k 'a or b'"
    """
    own, words = split(arguments)
    resume = [] if "--resume" in own else ["--resume"]
    behind = ["--", *words] if words else []
    return shlex.join(["python", "-m", program, *own, *resume, *behind])


def check(words: Iterable[str], refused: Iterable[str] = RESERVED) -> None:
    """Refuse options of `pytest bench` that a command sets, or that leave nothing to measure.

    Args:
        words: what is after `--`.
        refused: the options that the command does not take.

    Raises:
        ValueError: if one of them is there, or a file or test is named.
    """
    for word in words:
        name = word.split("=")[0]
        if name in refused:
            raise ValueError(f"behind --: this command takes no {name}")
        if word.endswith(".py") or "::" in word:
            raise ValueError(f"behind --: choose cases with -k. Received: {word}")
