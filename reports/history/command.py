"""Command line: `python -m reports --history FOLDER -o PAGE --format html|md`."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from reports.archive.errors import ArchiveError
from reports.history.commits import Commits, commits_of
from reports.history.history import history
from reports.history.load import records
from reports.history.page import render
from reports.history.summary import summary
from reports.output import target
from reports.sources.files import shown_path
from reports.sources.git import GitError
from reports.sources.writing import UnwritableError, check_writable

FORMATS = {"html": render, "md": summary}
DEFAULTS = {"html": Path("results/history.html"), "md": Path("results/history.md")}
FAILED = 1

DESCRIPTION = """\
Say what got slower, and what got faster, over the commits that an archive has runs of.

FOLDER is an archive that `python -m reports archive` wrote. Of each machine, operator and case the
history shows ratio and time over commits, with their intervals, and finds where they change: by how
much, and between which commits. Of the changes that it finds at most 2 % are expected to be none,
of ratios and of baselines each. docs/history.md tells how, and how small a change is found."""

EPILOGUE = """\
exit status: 0 if the history was written; 1 if it could not be; 2 for wrong usage, and if FOLDER is
no archive.

examples:
  python -m reports archive results/*.json --to results/archive
  python -m reports --history results/archive
  python -m reports --history results/archive --format md -o -"""


def main(arguments: Sequence[str]) -> int:
    """Run the command line.

    Args:
        arguments: all words, `--history` among them.

    Returns:
        The exit status.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    output: Path = options.output or DEFAULTS[options.format]
    try:
        if not target.is_terminal(output):
            check_writable(output)
        commits = _commits(options)
        read = records(options.history)
        if not target.is_terminal(output):
            _check_outside(output, options.history)
    except UnwritableError as error:
        parser.error(f"cannot write {error}")
    except (ArchiveError, GitError) as error:
        parser.error(str(error))
    text = FORMATS[options.format](history(read, commits, by_date=options.order == "date"))
    try:
        target.put(text, output, options.format)
    except target.NotWrittenError as error:
        print(error, file=sys.stderr)
        return FAILED
    return 0


def _commits(options: argparse.Namespace) -> Commits:
    """What the repository knows: the one that is named, or the one around, if there is one."""
    if options.repository is not None:
        try:
            return commits_of(options.repository)
        except GitError as error:
            raise GitError(f"--repository: {error}") from error
    try:
        return commits_of(Path())
    except GitError:
        return Commits()


def _check_outside(output: Path, archive: Path) -> None:
    """Refuse a page in the archive, where it could replace what marks it, or a file of runs."""
    if Path(os.path.realpath(output)).is_relative_to(os.path.realpath(archive)):
        raise UnwritableError(f"{shown_path(output)}: it is inside the archive")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m reports",
        description=DESCRIPTION,
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--history", type=Path, metavar="FOLDER", required=True, help="the archive to read"
    )
    parser.add_argument(
        *("-o", "--output"),
        type=Path,
        metavar="PAGE",
        help="the file to write, or - for the terminal "
        f"(default: {' or '.join(map(str, DEFAULTS.values()))})",
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="html",
        help="html, the page (default); md, a summary for a comment on a pull request",
    )
    parser.add_argument(
        "--repository",
        type=Path,
        metavar="DIR",
        help="the repository that knows the order and the subjects of the commits (default: the "
        "one around the current folder, if there is one)",
    )
    parser.add_argument(
        "--order",
        choices=("git", "date"),
        default="git",
        help="the order of commits: git's own (default), or that of their dates, as for tags and "
        "releases; without a repository it is that of their dates",
    )
    return parser
