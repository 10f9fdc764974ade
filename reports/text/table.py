"""A table as strings."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A table as strings: what stands above it, its head and its rows."""

    caption: str
    head: list[str]
    rows: list[list[str]]
