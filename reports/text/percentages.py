"""Percentages of a command line; argparse shows the reason where a word is none."""

from argparse import ArgumentTypeError


def percentage(word: str) -> float:
    """Parse a percentage.

    Args:
        word: a number, with or without the sign.

    Returns:
        The percentage, at least 0 and below 1000.

    Raises:
        ArgumentTypeError: if it is no such number.

    Example:
        >>> percentage("5%"), percentage("0.5")
        (5.0, 0.5)
    """
    try:
        value = float(word.removesuffix("%"))
    except ValueError:
        value = -1.0
    if not 0 <= value < 1000:
        raise ArgumentTypeError(f"expected a percentage such as 5%. Received: {word}")
    return value
