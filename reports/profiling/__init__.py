"""Traces: reading, figures and words of `python -m bench.profiling`."""

from pathlib import Path

from reports.profiling.load import MARKER, read
from reports.profiling.view import show
from reports.sources.kind import Kind

PROFILE = Kind(
    name="profile",
    title="Where the time goes",
    purpose="Where the time of a step goes is not in these results",
    command="python -m bench.profiling",
    default=Path("results/profile"),
    marker=MARKER,
    template="profile.html",
    read=read,
    show=show,
)
