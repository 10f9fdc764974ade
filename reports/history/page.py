"""A history to one self-contained HTML page."""

from reports.history.history import CommitHistory
from reports.history.lanes import CAPTION
from reports.history.method import PARAGRAPHS
from reports.history.tables import linked
from reports.history.told import SECTIONS, warnings
from reports.output.page import page
from reports.sources.kind import drawing_module


def render(history: CommitHistory) -> str:
    """Make the page.

    Args:
        history: of `history.history`.

    Returns:
        HTML that loads nothing from elsewhere; equal histories give equal pages.
    """
    view = drawing_module("reports.history.view")
    return page(
        "history.html",
        front=view.front(history),
        machines=view.machines(history),
        warnings=warnings(history),
        sections=SECTIONS,
        linked=linked,
        lanes_caption=CAPTION,
        method=PARAGRAPHS,
        runs=sum(len(timeline.runs) for timeline in history.timelines),
    )
