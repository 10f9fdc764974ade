"""Command line: `python -m reports [FILE ...] -o PAGE --format html|md|csv|svg`."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from reports import commands
from reports.kinds import KINDS, Results, read
from reports.output import csv, html, markdown, svg, target
from reports.sources import terminal
from reports.sources.files import UnreadableError, shown_path
from reports.sources.writing import UnwritableError, check_output, write_text
from reports.sweeps import changes, gate, load
from reports.sweeps.comparison import Comparison, compare
from reports.sweeps.kind import SWEEPS
from reports.sweeps.stages import JUDGED
from reports.sweeps.verdicts import MARGIN
from reports.text import units
from reports.text.percentages import percentage

# What is read without a FILE: whatever of it exists.
DEFAULTS = {kind.default: kind.command for kind in KINDS}
DEFAULTS_OF_FORMATS = {
    "html": Path("results/report.html"),
    "md": Path("results/report.md"),
    "csv": Path("results/records.csv"),
    "svg": Path("results/figures"),
}

# The exit status of a report that failed; a gate has statuses of its own.
FAILED = 1

FORMATS = (
    "html, the page (default). Of sweeps alone: md, a summary to paste into an issue or a pull "
    "request, which begins with what changed where there is a --baseline; csv, all records with "
    "their statistics, in seconds, bytes and counts, without the raw rounds; a string that a "
    "spreadsheet would run as a formula begins with an apostrophe there; svg, each figure as a "
    "file, which follows the reader's light or dark theme"
)

DESCRIPTION = """\
Make one self-contained HTML page of results.

A FILE is the JSON file of a benchmark run, or a folder of another kind of results:
{kinds}
Without a FILE the page is made of those of them that exist. Several, also from several
machines, give one page with a section each.

commands of their own, each with a --help:
  merge    parts of one plan, from machines of one kind, to one results file
  archive  keep many runs, from many machines and commits, in a folder
  --history FOLDER  what got slower, and what faster, over the commits of such an archive"""

EPILOGUE = """\
exit status: 0 if every file, folder and record was read; 1 if some were not, with the reasons
on standard error and in the page, which is made of the others, or if nothing could be written;
2 for wrong usage.
exit status with --fail-if-slower: 0 if every record of OLD was compared and none is slower; 1 if a
record is slower, or an operator as the mean of its cases; 3 if none is, but not all could be
compared: a record is missing, was not measured or has too few rounds for an interval, or something
could not be read or written. A record is slower if its change is significant among all and
its estimate is beyond PERCENT. With --processes 3 in both runs the gate finds smaller changes.

examples:
  pytest bench --benchmark-only && python -m reports
  python -m reports laptop.json server.json results/cifar -o comparison.html
  python -m reports --format md -o -
  python -m reports new.json --baseline old.json --fail-if-slower 5%"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: as in `sys.argv[1:]`, which is the default.

    Returns:
        The exit status.
    """
    words = sys.argv[1:] if arguments is None else arguments
    if command := commands.named(words):
        return command()
    parser = _parser()
    options = parser.parse_args(words)
    options.output = options.output or DEFAULTS_OF_FORMATS[options.format]
    fault = commands.mistaken(options.files) or _not_comparable(options)
    options.files = options.files or [path for path in DEFAULTS if path.exists()]
    fault = fault or _not_writable(options)
    if fault:
        parser.error(fault)
    try:
        return _report(options)
    except _FailedError as failure:
        print(failure, file=sys.stderr)
        return FAILED if options.fail_if_slower is None else gate.NOT_COMPARABLE


class _FailedError(ValueError):
    """What was asked for cannot be done; the message says why."""


def _report(options: argparse.Namespace) -> int:
    """Read, compare and write, and return the exit status."""
    if not options.files:
        raise _FailedError(f"No results here yet. Make some first:\n{_how_to_make(DEFAULTS)}")
    results = read(options.files)
    _print_problems(results.problems)
    if results.empty:
        raise _FailedError("Nothing written: nothing could be read.")
    records = [source.content.records for source in results.of(SWEEPS)]
    if options.format != "html" and not any(map(len, records)):
        raise _FailedError(
            f"Nothing written: {options.format} shows records of sweeps, and none was read."
        )
    compared = _compare(options, results) if options.baseline else None
    try:
        _write(results, compared, options)
    except target.NotWrittenError as error:
        raise _FailedError(str(error)) from error
    if compared and options.fail_if_slower is not None:
        return _judge(compared, results, allows_missing=options.allow_missing)
    return FAILED if results.problems else 0


def _write(results: Results, compared: Comparison | None, options: argparse.Namespace) -> None:
    """Write the results in one of the formats, and say where they are."""
    output: Path = options.output
    if options.format != "svg":
        target.put(_text(results, compared, options.format), output, options.format)
        return
    with target.refusing(output):
        print(f"{shown_path(output)} ({units.counted(_draw(results, output), 'figure')})")


def _text(results: Results, compared: Comparison | None, form: str) -> str:
    if form == "html":
        return html.render(results, compared)
    if form == "md":
        return markdown.summary(results, compared)
    return csv.csv(JUDGED.joined(source.content.judged for source in results.of(SWEEPS)))


def _draw(results: Results, folder: Path) -> int:
    """Write each figure into a folder, and count them."""
    count = 0
    for name, text in svg.figures(results):
        write_text(folder / name, text)
        count += 1
    return count


def _judge(compared: Comparison, results: Results, *, allows_missing: bool) -> int:
    """Say why a gate is closed, and return its exit status."""
    status, reason = gate.judge(compared, allow_missing=allows_missing)
    if reason:
        print(reason, file=sys.stderr)
    return status or (gate.NOT_COMPARABLE if results.problems else gate.PASSED)


def _print_problems(problems: Sequence[tuple[str, str]]) -> None:
    for path, reason in problems:
        print(f"{path}: {reason}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m reports",
        description=DESCRIPTION.format(kinds=_how_to_make(DEFAULTS)),
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="a file or folder of results"
    )
    parser.add_argument(
        *("-o", "--output"),
        type=Path,
        metavar="PAGE",
        help="the file to write, or - for the terminal, or the folder of figures; folders are "
        "made if missing (default: "
        f"{', '.join(map(str, DEFAULTS_OF_FORMATS.values()))})",
    )
    parser.add_argument(
        "--format",
        choices=DEFAULTS_OF_FORMATS,
        default="html",
        help=FORMATS,
    )
    parser.add_argument(
        "--baseline",
        type=Path,
        metavar="OLD",
        help="an older run to compare the FILE with, record by record",
    )
    parser.add_argument(
        "--fail-if-slower",
        type=lambda word: percentage(word) / 100,
        metavar="PERCENT",
        help="with --baseline: exit status 1 if a record or an operator became slower by more than "
        'this, such as "5%%", beyond noise',
    )
    parser.add_argument(
        "--allow-missing",
        action="store_true",
        help="with --fail-if-slower: records of OLD that the new run lacks, could not measure or "
        "knows from too few rounds are named, but do not change the exit status",
    )
    return parser


def _how_to_make(commands: Mapping[Path, str]) -> str:
    """List where results are and the command that writes each."""
    width = max(len(str(path)) for path in commands)
    return "\n".join(f"  {path!s:{width}}  {command}" for path, command in commands.items())


def _not_comparable(options: argparse.Namespace) -> str:
    """Say what is wrong with the options of a comparison; or nothing."""
    if options.fail_if_slower is not None and not options.baseline:
        return "--fail-if-slower needs --baseline OLD, the run to compare with"
    if options.allow_missing and options.fail_if_slower is None:
        return "--allow-missing needs --fail-if-slower PERCENT, the gate whose status it changes"
    if options.baseline and len(options.files) > 1:
        return f"--baseline compares one FILE with it. Received: {len(options.files)} files"
    return ""


def _compare(options: argparse.Namespace, results: Results) -> Comparison:
    """Compare with the older run, and say what changed."""
    threshold = options.fail_if_slower
    if threshold is None:
        threshold = MARGIN
    name, runs = shown_path(options.baseline), [source.content for source in results.of(SWEEPS)]
    try:
        if len(runs) != 1:
            raise UnreadableError(f"expected one run to compare with it. Received: {len(runs)}")
        before = load.run_of(options.baseline)
        found = compare(before, runs[0], threshold)
    except ValueError as error:
        raise _FailedError(f"{name}: {error}") from error
    _print_problems(before.problems)
    results.problems.extend(before.problems)
    print(changes.in_words(found), file=sys.stderr if target.is_terminal(options.output) else None)
    return found


def _not_writable(options: argparse.Namespace) -> str:
    """Say why nothing could be written there, before any work is done; or nothing."""
    page: Path = options.output
    is_terminal = target.is_terminal(page)
    if options.format == "svg":
        if is_terminal:
            return "cannot write figures to the terminal; expected a folder"
        page = page / "figure.svg"
    if is_terminal:
        return ""
    read_too = [*options.files, *([options.baseline] if options.baseline else [])]
    try:
        check_output(page, read_too)
    except UnwritableError as error:
        return f"cannot write {error}"
    return ""


if __name__ == "__main__":
    sys.exit(terminal.run(main))
