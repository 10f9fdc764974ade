"""Command line: `python -m reports archive FILE... --to FOLDER`."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from reports.archive.errors import ArchiveError
from reports.archive.writing import Addition, add
from reports.sources.files import shown_path
from reports.text import units

DESCRIPTION = """\
Keep the runs of many machines and commits in one folder.

Each FILE is the results file of `pytest bench --benchmark-only`. Its run becomes a file of the
folder, a Parquet dataset with one row per record: pandas, DuckDB and Polars read it, and
`docs/archive.md` has queries. The same run twice is kept once. A FILE whose rounds another FILE
holds among more is skipped, such as those of single processes of a comparison; so are folders,
what is no JSON, and the journals and verdicts that the suite writes beside results. Several
processes may add runs at once and be killed at any moment: each run is there whole or not at
all."""

EPILOGUE = """\
exit status: 0 if every run is in the archive now, and every record of it, whatever was skipped; 1
if some are not, with the reasons on standard error; 2 for wrong usage, and if FOLDER is no archive
or cannot be written.

examples:
  python -m reports archive results/* --to results/archive
  python -m reports archive results/compare/main/* --to results/archive"""

FAILED = 1


def main(arguments: Sequence[str]) -> int:
    """Run the command line.

    Args:
        arguments: the words after `archive`.

    Returns:
        The exit status.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        additions = add(options.to, options.files)
    except ArchiveError as error:
        parser.error(str(error))
    try:
        return _told(additions, options.to)
    except ArchiveError as error:
        print(f"{error}; the runs named above are kept", file=sys.stderr)
        return FAILED


def _told(additions: Iterable[Addition], folder: Path) -> int:
    """Say what became of each file, and of all in the end."""
    counts = {"added": 0, "there already": 0, "left out": 0, "skipped": 0}
    has_problems = False
    for addition in additions:
        for problem in addition.problems:
            print(f"{addition.path}: {problem}", file=sys.stderr)
        has_problems |= bool(addition.problems)
        became = _became(addition)
        counts[became] += 1
        if addition.run:
            records = units.counted(addition.records, "record")
            print(f"{addition.path}: {became}, {records}", flush=True)
        elif addition.skipped:
            print(f"{addition.path}: {became}, {addition.skipped}", flush=True)
    said = [_counted(became, count) for became, count in counts.items() if count]
    print(f"{shown_path(folder)}: {', '.join(said)}")
    return FAILED if has_problems else 0


def _counted(became: str, count: int) -> str:
    noun = "file" if became == "skipped" else "run"
    return f"{units.counted(count, noun)} {became}"


def _became(addition: Addition) -> str:
    if addition.skipped:
        return "skipped"
    if not addition.run:
        return "left out"
    return "added" if addition.is_new else "there already"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m reports archive",
        description=DESCRIPTION,
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="a results file of the sweeps"
    )
    parser.add_argument(
        "--to",
        type=Path,
        metavar="FOLDER",
        required=True,
        help="the archive; it is made if it is not there",
    )
    return parser
