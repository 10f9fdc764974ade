"""Command line: `python -m reports merge SHARD... -o FILE`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from reports.merging import parts
from reports.merging.errors import UnlikePartsError
from reports.merging.joining import joined
from reports.sources.files import shown_path
from reports.sources.writing import UnwritableError, check_output, write_json
from reports.text import units

DESCRIPTION = """\
Join the parts of one plan to one results file.

Each SHARD is the results file of `pytest bench --shard i/n` on one of n machines of one kind.
`python -m reports` reads the joined file as if one machine had measured all."""

EPILOGUE = """\
exit status: 0 if the file was written; 1 if it could not be; 2 for wrong usage, and if the parts
are not all of one plan, each once, from one commit, with the same options, hardware and software:
the message names them.

example, on each of two machines, then on any:
  pytest bench --benchmark-only --shard 1/2 --benchmark-json shard-1.json
  pytest bench --benchmark-only --shard 2/2 --benchmark-json shard-2.json
  python -m reports merge shard-1.json shard-2.json -o bench.json"""

FAILED = 1


def main(arguments: Sequence[str]) -> int:
    """Run the command line.

    Args:
        arguments: the words after `merge`.

    Returns:
        The exit status.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    target: Path = options.output
    if fault := _not_writable(options.shards, target):
        parser.error(fault)
    try:
        found = parts.read(options.shards)
    except UnlikePartsError as error:
        parser.error(f"not one run: {error}")
    document = joined(found)
    try:
        write_json(target, document)
    except (OSError, UnwritableError) as error:
        reason = getattr(error, "strerror", None) or error
        print(f"cannot write {shown_path(target)}: {reason}", file=sys.stderr)
        return FAILED
    records = units.counted(len(document["benchmarks"]), "record")
    size = units.quantity(target.stat().st_size, units.BYTES)
    print(f"{shown_path(target)} ({records} of {units.counted(len(found), 'shard')}, {size})")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m reports merge",
        description=DESCRIPTION,
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "shards", nargs="+", type=Path, metavar="SHARD", help="the results file of one part"
    )
    parser.add_argument(
        *("-o", "--output"),
        type=Path,
        metavar="FILE",
        required=True,
        help="the results file to write; its folder is made if missing",
    )
    return parser


def _not_writable(shards: Sequence[Path], target: Path) -> str:
    """Say why nothing could be written there, before any work is done; or nothing."""
    try:
        check_output(target, shards)
    except UnwritableError as error:
        return f"cannot write {error}"
    return ""
