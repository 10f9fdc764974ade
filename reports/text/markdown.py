"""Strings and tables as Markdown shows them."""

import re
from collections.abc import Iterable, Sequence

# What Markdown or a forge would take for markup, mentions and links too.
MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~@&!])")


def grid(head: Sequence[str], rows: Iterable[Sequence[str]], left: int) -> str:
    """Write a table.

    Args:
        head: the names of the columns.
        rows: one string per column.
        left: how many columns, from the first on, are aligned at the left.
    """
    rule = ["---"] * left + ["---:"] * (len(head) - left)
    cells = [[escaped(cell).replace("\n", "; ") for cell in row] for row in (head, *rows)]
    lines = [cells[0], rule, *cells[1:]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def escaped(text: object) -> str:
    """Write a string so that Markdown and a forge show it as it is, without links or mentions.

    Args:
        text: any value.
    """
    return MARKUP.sub(r"\\\1", str(text)).replace("://", r"\://").replace("www.", r"www\.")
