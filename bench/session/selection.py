"""Which of pytest's items still run."""

import pytest

from bench.session import pytest_benchmark
from bench.session.progress import Progress


def deselect(items: list[pytest.Item], left_out: list[pytest.Item]) -> None:
    """Take tests out of the plan, and tell pytest.

    Args:
        items: the tests that will run; changed in place.
        left_out: those that will not.
    """
    if left_out:
        left_out[0].config.hook.pytest_deselected(items=left_out)
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]


def take_finished(progress: Progress, items: list[pytest.Item]) -> int:
    """Take what is finished out of the plan, and give its rounds to pytest-benchmark.

    Args:
        progress: says what is finished.
        items: the tests that will run; changed in place.

    Returns:
        How many were taken out.
    """
    done = [item for item in items if item.nodeid in progress.entries.finished]
    for item in done:
        if item.nodeid in progress.entries.benchmarks:
            pytest_benchmark.restore(item, progress.entries.benchmarks[item.nodeid])
    deselect(items, done)
    return len(done)
