"""The report of many records: the records of a run are repeated with other batch sizes."""

import json
import resource
import subprocess
import sys
import time
from itertools import count, islice

import pytest

MOST_SECONDS = 20
MOST_BYTES = 1.5e9
MOST_PAGE_BYTES = 5e6
# Larger than any batch in a run, so that no repeated case is equal to another.
STEP = 1000


def test_the_report_of_many_records_takes_little_time_and_memory(option, say, tmp_path):
    file = option("--file")
    if not file.is_file():
        pytest.fail(f"no such file: {file}; run `pytest bench --benchmark-only` first")
    run = json.loads(file.read_text(encoding="utf-8"))
    run["benchmarks"] = list(islice(_repeated(run["benchmarks"]), option("--records")))
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


def _repeated(entries):
    """The records over and over, each time with another batch."""
    for turn in count():
        for entry in entries:
            info = entry["extra_info"]
            yield {
                **entry,
                "fullname": entry["fullname"].replace("[", f"[{turn}-", 1),
                "extra_info": {
                    **info,
                    "batch": info["batch"] + turn * STEP,
                    # Older files name no measurement.
                    "measurement": info.get("measurement") and f"{turn} {info['measurement']}",
                },
            }
