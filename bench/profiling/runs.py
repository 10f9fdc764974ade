"""Folders of runs: a run is a trace with its numbers, and none is ever overwritten."""

from pathlib import Path

from reports.profiling.record import FORMAT, MARKER, TracesMarker
from reports.sources.writing import free_name, write_json

RESULTS = Path("results", "profile")


def fresh_run(results: Path, name: str) -> Path:
    """Make a folder for a run.

    Args:
        results: the folder of all runs; made if missing.
        name: what the run is called.

    Returns:
        `results/name`, or `results/name-2` and so on where that exists.
    """
    results.mkdir(parents=True, exist_ok=True)
    marker = results / MARKER
    if not marker.exists():
        write_json(marker, TracesMarker(format=FORMAT).model_dump())
    return free_name(results / name, Path.mkdir)
