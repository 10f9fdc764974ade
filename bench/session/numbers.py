"""Words of the command line to numbers; argparse shows the reason where a word is none."""

import argparse

from reports.text.percentages import percentage


def percent(word: str) -> float:
    """Parse a percentage.

    Args:
        word: a number, with or without the sign.

    Returns:
        The percentage.

    Raises:
        argparse.ArgumentTypeError: if it is not between 0 and 100.
    """
    value = percentage(word)
    if not 0 < value < 100:
        raise argparse.ArgumentTypeError(
            f"expected a percentage above 0, below 100. Received: {word}"
        )
    return value


def at_least_one(word: str) -> int:
    """Parse a count of what there must be one of.

    Args:
        word: digits.

    Returns:
        The number, at least 1.

    Raises:
        argparse.ArgumentTypeError: if it is no such number.

    Example:
        >>> at_least_one("5")
        5
    """
    if word.isdecimal() and int(word) >= 1:
        return int(word)
    raise argparse.ArgumentTypeError(f"expected an integer of at least 1. Received: {word}")
