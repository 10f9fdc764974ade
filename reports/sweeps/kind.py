"""Sweeps: reading, analysis, figures and words of `pytest bench --benchmark-only`."""

from pathlib import Path

from reports.sources.kind import Kind, drawn_by
from reports.sweeps.load import NAME, read, recognises

SWEEPS = Kind(
    name=NAME,
    title="Sweeps",
    purpose="What each operator costs, case by case, is not in these results",
    command="pytest bench --benchmark-only",
    default=Path("results/bench.json"),
    template="sweeps.html",
    recognises=recognises,
    read=read,
    show=drawn_by("reports.sweeps.show"),
    verdict="sweeps-verdict.html",
)
