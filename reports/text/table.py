"""A table of strings, as a page or a terminal shows it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        caption: shown above the table; empty for none.
        head: the names of the columns.
        rows: one string per column; the lines of a cell after the first are shown smaller.
    """

    caption: str
    head: list[str]
    rows: list[list[str]]
