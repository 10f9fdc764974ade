"""Arguments of command lines to values, for every command that takes a case."""

import argparse
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, get_type_hints

from bench.cases import SIDES, Case
from bench.sweeps import BASE
from reports.sources.case import DIRECTIONS, Direction

# What a case may be given: involution keeps the number of channels, and so do its rivals.
KEYS = tuple(field.name for field in fields(Case) if field.name != "filters")


def parse_case(text: str, base: Case = BASE) -> tuple[Case, tuple[Direction, ...]]:
    """Read a case from the command line.

    Args:
        text: KEY=VALUE,... with fields of `Case`; the others are those of the base case.
        base: the base case.

    Returns:
        The case, and the directions asked for: both, unless `text` names one.

    Raises:
        ValueError: if there is no such key, or a value is out of range.

    Example:
        >>> case, directions = parse_case("kernel_size=3x5,height=56,width=56")
        >>> case.kernel_size, case.shape, directions
        ((3, 5), (8, 56, 56, 64), ('forward', 'training'))
    """
    given: dict[str, Any] = {}
    for item in text.split(","):
        key, separator, value = (part.strip() for part in item.partition("="))
        if not separator or key not in KEYS or key in given:
            raise ValueError(
                f"a case is KEY=VALUE,... with each KEY once, one of {', '.join(KEYS)}. "
                f"Received: {item.strip()!r} in {text!r}"
            )
        given[key] = parse_value(key, value)
    case = with_changes(base, given)
    return case, (case.direction,) if "direction" in given else DIRECTIONS


def parse_value(key: str, text: str) -> int | tuple[int, int] | str:
    """Read the value of a field of `Case`.

    Args:
        key: the field.
        text: a word, an integer, or for the sides of a window also two of them as 3x7.

    Raises:
        ValueError: if it is none.

    Example:
        >>> parse_value("channels", "64"), parse_value("kernel_size", "3x7")
        (64, (3, 7))
    """
    if get_type_hints(Case)[key] is int:
        return _integer(key, text, text)
    if key not in SIDES:
        return text
    vertical, separator, horizontal = text.partition("x")
    if not separator:
        return _integer(key, text, text)
    return _integer(key, vertical, text), _integer(key, horizontal, text)


def with_changes(base: Case, changes: Mapping[str, Any]) -> Case:
    """Return a case that involution can run.

    Args:
        base: the base case.
        changes: fields of `Case` that differ from it.

    Raises:
        ValueError: if a value is out of range, a window has no centre, or no convolution has it.
    """
    case = replace(base, **changes)
    if not all(taps % 2 for taps in case.windows["kernel_size"]):
        raise ValueError(
            "`kernel_size` must be odd, so that a window has a centre. "
            f"Received: kernel_size={case.kernel_size}"
        )
    if case.strides != 1 and case.dilation_rate != 1:
        raise ValueError(
            "either `strides` or `dilation_rate` must be 1, as Keras's convolutions ask. "
            f"Received: strides={case.strides}, dilation_rate={case.dilation_rate}"
        )
    return case


def _integer(key: str, word: str, text: str) -> int:
    if word.isdecimal() and word.isascii():
        return int(word)
    two = ", or two of them as 3x7" if key in SIDES else ""
    raise ValueError(f"`{key}` must be an integer{two}. Received: {key}={text!r}")


def parse_image_size(text: str) -> tuple[int, int]:
    """Read the size of images from the command line.

    Args:
        text: pixels, or rows x columns.

    Raises:
        argparse.ArgumentTypeError: if it is neither.

    Example:
        >>> parse_image_size("224"), parse_image_size("224x320")
        ((224, 224), (224, 320))
    """
    rows, separator, columns = text.partition("x")
    sides = (rows, columns if separator else rows)
    if not all(side.isdecimal() and side.isascii() and int(side) for side in sides):
        raise argparse.ArgumentTypeError(f"expected 224, or 224x320. Received: {text}")
    return int(sides[0]), int(sides[1])
