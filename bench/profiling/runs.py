"""Folders of runs: a run is a trace with its numbers, and none is ever overwritten."""

import json
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

RESULTS = Path("results", "profile")
# Tells a folder of runs from other results.
MARKER = "profile.json"
NUMBERS = "numbers.json"
# 1: the keys of `numbers.Numbers`.
FORMAT = 1


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
        write(marker, {"format": FORMAT})
    for number in count(1):
        folder = results / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    raise AssertionError("unreachable")


def write(path: Path, document: Mapping[str, Any]) -> None:
    """Write JSON.

    Args:
        path: the file.
        document: plain values.
    """
    path.write_text(json.dumps(document, indent=1, allow_nan=False) + "\n", encoding="utf-8")
