"""What a page begins with, and what it says that it lacks."""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.drawing.front import Front
from reports.kinds import KINDS
from reports.output.appendix import Appendix
from reports.sources.kind import Part
from reports.sweeps.kind import SWEEPS
from reports.text import words

NOTHING = Front("There are no results to show", [], [], None)


@dataclass(frozen=True)
class Opening:
    """The first screen of a page.

    Attributes:
        front: that of the source that leads.
        part: the source; None where there is none.
        others: all other sources, whose findings are named below it.
    """

    front: Front
    part: Part | None
    others: list[Part]

    @property
    def lines(self) -> list[tuple[str, str]]:
        """The lines, each with its heading."""
        parts = [line.partition(": ") for line in self.front.lines]
        return [(head, words.sentence_case(text)) for head, _, text in parts]


def opening(parts: Iterable[Part]) -> Opening:
    """Choose the source that the page begins with: the first that compares something.

    Args:
        parts: all parts of the page, in its order.
    """
    ranked = sorted(parts, key=lambda part: not part.front.lines)
    if not ranked:
        return Opening(NOTHING, None, [])
    return Opening(ranked[0].front, ranked[0], ranked[1:])


def absent(parts: dict[str, list[Part]], appendix: Appendix) -> list[tuple[str, str]]:
    """List what a page could show and does not.

    Args:
        parts: the parts of each kind, by the kind's name.
        appendix: the page's.

    Returns:
        What it is, and the command that makes it.
    """
    found = [(kind.purpose, kind.command) for kind in KINDS if not parts[kind.name]]
    sweeps = parts[SWEEPS.name]
    if not any(part.view.section.model for part in sweeps):
        found.append(
            (
                "What involution would change in your own model",
                "pytest bench --benchmark-only --layers-of MODEL",
            )
        )
    if sweeps and not any(part.view.section.models for part in sweeps):
        found.append(
            ("Whole models, RedNet against ResNet", "pytest bench --benchmark-only -k models")
        )
    if not appendix.comparison:
        found.append(("What changed since an older run", "python -m reports --baseline OLD.json"))
    return found
