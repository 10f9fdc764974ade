"""Make the report of many records, and say what it took.

`python -m tests.acceptance.large [FILE] [--records 10000]` repeats the records of a run with other
batch sizes until there are that many, makes the page, and fails if that takes longer than 20 s or
more than 1.5 GB.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from itertools import count, islice
from pathlib import Path

MOST_SECONDS = 20
MOST_BYTES = 1.5e9
# Larger than any batch in a run, so that no repeated case is equal to another.
STEP = 1000


def repeated(run):
    """Records of a run over and over, each time with another batch."""
    for turn in count():
        for entry in run["benchmarks"]:
            info = entry["extra_info"]
            yield {
                **entry,
                "fullname": entry["fullname"].replace("[", f"[{turn}-", 1),
                "extra_info": {**info, "batch": info["batch"] + turn * STEP},
            }


def main():
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.acceptance.large",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", nargs="?", type=Path, default=Path("results/bench.json"))
    parser.add_argument("--records", type=int, default=10_000)
    options = parser.parse_args()
    if not options.file.is_file():
        parser.error(f"no such file: {options.file}; run `pytest bench --benchmark-only` first")
    run = json.loads(options.file.read_text(encoding="utf-8"))
    run["benchmarks"] = list(islice(repeated(run), options.records))
    with tempfile.TemporaryDirectory() as folder:
        source, page = Path(folder, "bench.json"), Path(folder, "report.html")
        source.write_text(json.dumps(run), encoding="utf-8")
        started = time.monotonic()
        command = [sys.executable, "-m", "reports", str(source), "-o", str(page)]
        status = subprocess.run(command, check=False).returncode
        seconds = time.monotonic() - started
        size = page.stat().st_size if status == 0 else 0
    # Kilobytes, except on macOS, where they are bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
    found = f"{seconds:.1f} s, {memory / 1e9:.2f} GB, page {size / 1e6:.1f} MB"
    print(f"{options.records} records: {found}")
    return 0 if status == 0 and seconds <= MOST_SECONDS and memory <= MOST_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
