"""The history: changes planted in the noise of real runs are found, and hardly any others.

The noise is that of real quick sweeps, made smaller: `--scatter 3` says to how many percent.
"""

import json
import resource
import subprocess
import sys
import time

import numpy as np
import pytest

from reports.archive.writing import TOGETHER, add
from reports.history.change_points import search
from tests.acceptance import made
from tests.acceptance.planted import Planted, drawn, noise, timeline

# A change of this factor is found so close to its commit, in that share of the histories.
FACTOR, NEAR, LEAST_FOUND = 1.10, 5, 0.95
# False changes in so many series that have none.
MOST_FALSE, SERIES = 1, 1000
# Runs before the first and after the last place of a planted change; in short histories fewer.
EDGE = 10
RECORDS = 274
MOST_SECONDS, MOST_BYTES, MOST_PAGE_BYTES = 30, 2e9, 5e6


@pytest.fixture
def real(option):
    return noise(option("--scatter") / 100)


def test_planted_changes_are_found_near_their_commit(option, say, real):
    random = np.random.default_rng(option("--seed"))
    runs, count = option("--commits"), option("--histories")
    edge = min(EDGE, runs * 2 // 5)
    found, placed, sized = 0, 0, 0
    for _ in range(count):
        place = int(random.integers(edge, runs - edge))
        plant = Planted(int(random.integers(len(real))), place, FACTOR)
        points = [
            point
            for point in search([timeline(drawn(real, runs, random), [plant])]).points
            if point.series == plant.series and point.is_slower and abs(point.place - place) <= NEAR
        ]
        found += bool(points)
        placed += any(point.before < place <= point.after for point in points)
        sized += any(point.low <= FACTOR <= point.high for point in points)
    say(
        f"{found} of {count} found within {NEAR} commits of {runs}, scatter "
        f"{option('--scatter')} %; of these, the interval of the place holds it in {placed}, that "
        f"of the size in {sized}"
    )
    assert found >= LEAST_FOUND * count


def test_where_nothing_changes_hardly_any_change_is_found(option, say, real):
    random = np.random.default_rng(option("--seed"))
    runs = option("--commits")
    archives = -(-SERIES * option("--thousands") // len(real))
    false = [len(search([timeline(drawn(real, runs, random))]).points) for _ in range(archives)]
    count = archives * len(real)
    say(
        f"{sum(false)} false changes, in {np.count_nonzero(false)} of {archives} archives of "
        f"{len(real)} series ({count} in all) and {runs} commits"
    )
    assert sum(false) <= MOST_FALSE * count / SERIES


def test_the_page_of_many_runs_takes_little_time_and_memory(option, say, tmp_path):
    file = option("--file")
    if not file.is_file():
        pytest.fail(f"no such file: {file}; run `pytest bench --benchmark-only` first")
    sources = [json.loads(file.read_text(encoding="utf-8"))]
    archive, page = tmp_path / "archive", tmp_path / "history.html"
    documents = made.runs(sources, option("--runs"), RECORDS, option("--seed"))
    for start in range(0, option("--runs"), TOGETHER):
        files = [tmp_path / f"{n}.json" for n in range(min(TOGETHER, option("--runs") - start))]
        for each in files:
            each.write_text(json.dumps(next(documents)), encoding="utf-8")
        assert all(each.is_new for each in add(archive, files))
    command = [sys.executable, "-m", "reports", "--history", str(archive), "-o", str(page)]
    started = time.monotonic()
    subprocess.run(command, check=True)
    seconds = time.monotonic() - started
    # Kilobytes, except on macOS, where they are bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
    size = page.stat().st_size
    took = f"{seconds:.1f} s, {memory / 1e9:.2f} GB, {size / 1e6:.2f} MB"
    say(f"{option('--runs')} runs of {RECORDS} records: {took}")
    assert seconds <= MOST_SECONDS
    assert memory <= MOST_BYTES
    assert size <= MOST_PAGE_BYTES
