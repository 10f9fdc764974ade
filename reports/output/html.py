"""Results to one self-contained HTML page."""

from dataclasses import dataclass

from reports.kinds import KINDS, Results
from reports.output import script
from reports.output.appendix import appendix
from reports.output.opening import absent, opening
from reports.output.page import page
from reports.sources.kind import Kind, Part
from reports.sweeps.comparison import Comparison
from reports.sweeps.kind import SWEEPS


@dataclass(frozen=True)
class Chapter:
    """A section of the page: all sources of one kind, none if none was read."""

    kind: Kind
    parts: list[Part]

    @property
    def has_content(self) -> bool:
        """Whether there is more to show than that nothing was measured."""
        return self.kind is not SWEEPS or any(part.contents for part in self.parts)


def render(results: Results, comparison: Comparison | None = None) -> str:
    """Make the page.

    Args:
        results: what `kinds.read` returned.
        comparison: with an older run, if one was asked for.

    Returns:
        HTML that loads nothing from elsewhere; equal results give equal pages.
    """
    chapters = [Chapter(kind, kind.show(results.of(kind))) for kind in KINDS]
    sources = [source for kind in KINDS for source in results.of(kind)]
    parts = {chapter.kind.name: chapter.parts for chapter in chapters}
    added = appendix(parts[SWEEPS.name], comparison)
    code, style = script.library()
    return page(
        "report.html",
        code,
        library_style=style,
        opening=opening(part for chapter in chapters for part in chapter.parts),
        chapters=[chapter for chapter in chapters if chapter.parts],
        absent=absent(parts, added),
        sources=len(sources),
        appendix=added,
        problems=results.problems,
    )
