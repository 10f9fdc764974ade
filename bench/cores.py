"""The cores of this machine, and those of them that this process may use."""

import os

import psutil


def usable() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def counts() -> dict[str, int]:
    """Count the cores as a results file states them.

    Returns:
        `cores`, the physical ones; `logical_cores`, with those that share one; `usable_cores`, the
        logical ones that this process may use.
    """
    logical = os.cpu_count() or 1
    return {
        "cores": psutil.cpu_count(logical=False) or logical,
        "logical_cores": logical,
        "usable_cores": usable(),
    }
