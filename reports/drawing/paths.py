"""Paths of matplotlib as short data of SVG paths, in tenths of a pixel."""

from collections.abc import Iterable

import numpy as np
from matplotlib.path import Path

# Whole numbers, in tenths of a pixel.
Point = tuple[int, int]

TENTHS = 10
# Letters of SVG, and how many points follow each.
COMMANDS = {
    int(Path.MOVETO): ("m", 1),
    int(Path.LINETO): ("l", 1),
    int(Path.CURVE3): ("q", 2),
    int(Path.CURVE4): ("c", 3),
}


def relative(path: Path) -> tuple[Point, str]:
    """Write a path relative to its first point, so that equal shapes give equal strings.

    Args:
        path: in pixels, y downwards; its vertices are finite.

    Returns:
        The first point, and the commands that follow a move to it; empty if the path is.
    """
    vertices = np.asarray(path.vertices)
    if not len(vertices):
        return (0, 0), ""
    codes = np.full(len(vertices), Path.LINETO) if path.codes is None else np.asarray(path.codes)
    steps = np.rint((vertices - vertices[0]) * TENTHS).astype(int).tolist()
    parts: list[str] = []
    here = corner = (0, 0)
    place = 1
    while place < len(steps) and codes[place] != Path.STOP:
        if codes[place] == Path.CLOSEPOLY:
            parts.append("z")
            here, place = corner, place + 1
            continue
        letter, count = COMMANDS[int(codes[place])]
        points = [(x, y) for x, y in steps[place : place + count]]
        parts.append(_command(letter, here, points))
        here, place = points[-1], place + count
        corner = here if letter == "m" else corner
    first = np.rint(vertices[0] * TENTHS).astype(int).tolist()
    return (first[0], first[1]), "".join(parts)


def _command(letter: str, here: Point, points: list[Point]) -> str:
    steps = [(x - here[0], y - here[1]) for x, y in points]
    if letter == "l" and steps[0][1] == 0:
        return f"h{numbers(steps[0][:1])}"
    if letter == "l" and steps[0][0] == 0:
        return f"v{numbers(steps[0][1:])}"
    return letter + numbers(value for step in steps for value in step)


def numbers(tenths: Iterable[int]) -> str:
    """Write numbers one after another, with a space only where SVG needs one.

    Example:
        >>> numbers([15, -30, 5, 5, 0])
        '1.5-3 .5.5 0'
    """
    written: list[str] = []
    before = ""
    for value in tenths:
        whole, rest = divmod(abs(value), TENTHS)
        text = f"{whole or ''}.{rest}" if rest else str(whole)
        text = f"-{text}" if value < 0 else text
        # A sign begins a number, and so does a second point.
        if before and text[0] != "-" and not (text[0] == "." and "." in before):
            written.append(" ")
        written.append(text)
        before = text
    return "".join(written)
