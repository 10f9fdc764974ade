"""The words behind `--`: options of `pytest bench`, for every command that starts it."""

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
