"""The report of many records: the records of a run are repeated with other batch sizes."""

import json
import resource
import subprocess
import sys
import time
from itertools import islice

import pytest

from tests.acceptance.made import repeated

MOST_SECONDS = 20
MOST_BYTES = 1.5e9
MOST_PAGE_BYTES = 5e6


def test_the_report_of_many_records_takes_little_time_and_memory(option, say, tmp_path):
    file = option("--file")
    if not file.is_file():
        pytest.fail(f"no such file: {file}; run `pytest bench --benchmark-only` first")
    run = json.loads(file.read_text(encoding="utf-8"))
    run["benchmarks"] = list(islice(repeated(run["benchmarks"]), option("--records")))
    source, page = tmp_path / "bench.json", tmp_path / "report.html"
    source.write_text(json.dumps(run), encoding="utf-8")
    started = time.monotonic()
    command = [sys.executable, "-m", "reports", str(source), "-o", str(page)]
    subprocess.run(command, check=True)
    seconds = time.monotonic() - started
    # Kilobytes, except on macOS, where they are bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
    size = page.stat().st_size
    took = f"{seconds:.1f} s, {memory / 1e9:.2f} GB, {size / 1e6:.2f} MB"
    say(f"{option('--records')} records: {took}")
    assert seconds <= MOST_SECONDS
    assert memory <= MOST_BYTES
    assert size <= MOST_PAGE_BYTES
