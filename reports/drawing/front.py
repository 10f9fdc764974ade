"""What a page begins with."""

from dataclasses import dataclass

from reports.drawing.figure import Figure


@dataclass(frozen=True)
class Front:
    """The first screen of one source of results: its finding, before any proof.

    Attributes:
        title: the finding in one sentence, without a full stop.
        facts: what it was measured on and with, each a few words.
        lines: at most three, each a heading, a colon and sentences.
        figure: what shows the finding; None where nothing can be drawn.
    """

    title: str
    facts: list[str]
    lines: list[str]
    figure: Figure | None
