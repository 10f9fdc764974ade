"""A table of a Markdown page, drawn as bars."""

import re
from dataclasses import dataclass
from html import escape

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
# Room at the end of the longest bar for its number, as a share of the width.
LONGEST = 0.8


@dataclass(frozen=True)
class PageTable:
    """A table of a Markdown page.

    Attributes:
        head: the headings of its columns.
        rows: its cells, the first of which is the name of the row.
    """

    head: list[str]
    rows: list[list[str]]


def table(page: str, heading: str, number: int = 1) -> PageTable:
    r"""Find a table by the heading that it stands under.

    Args:
        page: Markdown.
        heading: of the section, without its number signs.
        number: which of the section's tables, from 1. Default 1.

    Raises:
        ValueError: if there is no such section or table.

    Example:
        >>> table("## Times\n\n| who | s |\n| --- | --- |\n| `a` | 1.5 |", "Times").rows
        [['a', '1.5']]
    """
    sections = re.split("(?m)^#+ +", page)
    under = [text for text in sections[1:] if text.split("\n", 1)[0].strip() == heading]
    found = re.findall(r"(?m)(?:^\|.*\n?)+", under[0]) if under else []
    if len(found) < number:
        raise ValueError(
            f"expected a table {number} under the heading {heading!r}. Received: {len(found)} there"
        )
    head, _, *rows = map(_cells, found[number - 1].splitlines())
    return PageTable(head, rows)


def _cells(line: str) -> list[str]:
    return [re.sub("[`*]", "", cell).strip() for cell in line.strip().strip("|").split("|")]


def drawn(given: PageTable, columns: list[int], *, reference: float | None = None) -> str:
    """Draw columns of a table.

    Args:
        given: the table.
        columns: which of them, from 2, each in a colour of its own. A cell with two numbers, "1.2
            to 1.4", is drawn to the second; an empty one is left out.
        reference: a value that gets a line, such as 1 for ratios. Default: none.

    Returns:
        HTML: names, bars and numbers, which are text.

    Raises:
        ValueError: if a column is missing or a cell has no number.
    """
    for column in columns:
        if not 2 <= column <= len(given.head):
            raise ValueError(f"expected columns from 2 to {len(given.head)}. Received: {column}")
    cells = [[row[column - 1] for column in columns] for row in given.rows]
    values = [_value(cell) for row in cells for cell in row if cell]
    most = max(*values, reference or 0.0) / LONGEST
    names = [given.head[column - 1] for column in columns]
    legend = "".join(f'<li class="series-{n}">{escape(name)}</li>' for n, name in enumerate(names))
    rows = "".join(
        _row(name, found, most) for (name, *_), found in zip(given.rows, cells, strict=True)
    )
    line = f' style="--line:{reference / most:.2%}"' if reference is not None else ""
    marked = "bars has-line" if line else "bars"
    return (
        f'<div class="{marked}"{line}><ul class="bars-legend">{legend}</ul>'
        f'<p class="bars-name">{escape(given.head[0])}</p>{rows}</div>'
    )


def _row(name: str, cells: list[str], most: float) -> str:
    bars = "".join(
        f'<span class="bar series-{number}" style="--share:{_value(cell) / most:.2%}">'
        f"<span>{escape(cell)}</span></span>"
        for number, cell in enumerate(cells)
        if cell
    )
    return (
        f'<div class="bars-row"><span class="bars-name">{escape(name)}</span>'
        f"<span>{bars}</span></div>"
    )


def _value(cell: str) -> float:
    found = NUMBER.findall(cell)
    if not found:
        raise ValueError(f"expected a number in each cell. Received: {cell!r}")
    return float(found[-1].replace(",", ""))
