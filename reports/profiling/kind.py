"""The declaration of traces, the results of `python -m bench.profiling`."""

from pathlib import Path

from reports.profiling.load import NAME, read, recognises
from reports.sources.kind import Kind, drawn_by

PROFILE = Kind(
    name=NAME,
    title="Where the time goes",
    purpose="Where the time of a step goes",
    command="python -m bench.profiling",
    default=Path("results/profile"),
    template="profiling.html",
    recognises=recognises,
    read=read,
    show=drawn_by("reports.profiling.view"),
)
