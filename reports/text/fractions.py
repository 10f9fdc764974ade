"""Ratios as words, for titles: "a sixth of the time", "twice the memory"."""

import math

from reports.text import units

# Ratios that have words, in rising order.
WORDS = {
    1 / 10: "a tenth of",
    1 / 9: "a ninth of",
    1 / 8: "an eighth of",
    1 / 7: "a seventh of",
    1 / 6: "a sixth of",
    1 / 5: "a fifth of",
    1 / 4: "a quarter of",
    1 / 3: "a third of",
    1 / 2: "half",
    2 / 3: "two thirds of",
    3 / 4: "three quarters of",
    3 / 2: "one and a half times",
    2.0: "twice",
    3.0: "three times",
    4.0: "four times",
    5.0: "five times",
    6.0: "six times",
    7.0: "seven times",
    8.0: "eight times",
    9.0: "nine times",
    10.0: "ten times",
}
# A ratio may differ from its words by the first factor, the ends of its interval by the second.
CLOSE, COVERED = 1.05, 1.25
# Amounts that are known exactly are the same within this factor.
SAME = 1.1


def part(low: float, value: float, high: float, noun: str) -> str:
    """Write a ratio that is known to be below or above 1 as a part of something.

    Args:
        low: the lower end of the ratio's interval.
        value: the ratio.
        high: the upper end.
        noun: of what, with its article.

    Returns:
        The nearest fraction if ratio and interval are close to it, or else a bound that the whole
        interval keeps; empty where no fraction is a bound.

    Example:
        >>> part(0.15, 0.16, 0.18, "the time"), part(0.1, 0.2, 0.4, "the time")
        ('a sixth of the time', 'less than half the time')
        >>> part(0.01, 0.015, 0.02, "the time"), part(1.05, 1.1, 1.12, "the time")
        ('less than a tenth of the time', '')
    """
    nearest = _nearest(value)
    is_covered = nearest / COVERED <= low and high <= nearest * COVERED
    if is_covered and _is_close(nearest, value):
        return f"{WORDS[nearest]} {noun}"
    if value < 1:
        word, bounds = "less", [ratio for ratio in WORDS if high <= ratio < 1][:1]
    else:
        word, bounds = "more", [ratio for ratio in WORDS if 1 < ratio <= low][-1:]
    return f"{word} than {WORDS[bounds[0]]} {noun}" if bounds else ""


def amount(value: float, noun: str) -> str:
    """Write an amount that is known exactly over another one: in words if they are close to it.

    Args:
        value: the ratio of both, above 0.
        noun: what it is an amount of.

    Example:
        >>> amount(1.03, "memory"), amount(0.5, "memory"), amount(2.1, "memory")
        ('as much memory', 'half its memory', 'twice its memory')
        >>> amount(0.61, "memory")
        '0.61 times its memory'
    """
    if not side(value):
        return f"as much {noun}"
    is_between = min(WORDS) < value < max(WORDS)
    if is_between and not _is_close(_nearest(value), value):
        return f"{units.times(value)} times its {noun}"
    return part(value, value, value, f"its {noun}")


def side(value: float) -> int:
    """Say if an amount that is known exactly is less than another (-1), more (1) or as much (0).

    Args:
        value: the ratio of both, above 0.
    """
    return int(value > SAME) - int(value < 1 / SAME)


def _nearest(value: float) -> float:
    return min(WORDS, key=lambda ratio: abs(math.log(ratio / value)))


def _is_close(nearest: float, value: float) -> bool:
    return nearest / CLOSE <= value <= nearest * CLOSE
