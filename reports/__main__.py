"""Command line: `python -m reports [FILE ...] -o PAGE --format html|md|csv|svg`."""

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from reports.kinds import KINDS
from reports.output import csv as export
from reports.output import markdown
from reports.output import svg as gallery
from reports.output.html import render
from reports.sweeps import comparison, statistics
from reports.sweeps.load import Results, load
from reports.text import units

# What is read without a FILE: whatever of it exists.
DEFAULTS = {
    Path("results/bench.json"): "pytest bench --benchmark-only",
    **{kind.default: kind.command for kind in KINDS},
}
DEFAULTS_OF_FORMATS = {
    "html": Path("results/report.html"),
    "md": Path("results/report.md"),
    "csv": Path("results/records.csv"),
    "svg": Path("results/figures"),
}

DESCRIPTION = """\
Make one self-contained HTML page of results.

A FILE is the JSON file of a benchmark run, or a folder of another kind of results:
{kinds}
Without a FILE the page is made of those of them that exist. Several, from several
machines too, give one page with a section each."""

EPILOGUE = """\
exit status: 0 if every file, folder and record was read; 1 if some were not, with the reasons
on standard error and in the page, which is made of the others, or if --fail-if-slower
found a slower case or none to compare; 2 for wrong usage.

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
    parser = _parser()
    options = parser.parse_args(arguments)
    page: Path = options.output or DEFAULTS_OF_FORMATS[options.format]
    to_terminal = str(options.output) == "-"
    fault = _unwritable(options.format, page, options.files, to_terminal)
    if fault:
        parser.error(f"cannot write {page}: {fault}")
    fault = _not_comparable(options)
    if fault:
        parser.error(fault)
    files = options.files or [path for path in DEFAULTS if path.exists()]
    if not files:
        print(f"No results here yet. Make some first:\n{_how_to_make(DEFAULTS)}", file=sys.stderr)
        return 1
    results = load(files)
    for path, reason in results.problems:
        print(f"{path}: {reason}", file=sys.stderr)
    if results.empty:
        print("Nothing written: nothing could be read.", file=sys.stderr)
        return 1
    compared = None
    if options.baseline:
        try:
            compared = _compare(options, results)
        except ValueError as error:
            print(f"{options.baseline}: {error}", file=sys.stderr)
            return 1
    if options.format == "svg":
        return _draw(results, page) or _status(results, compared, options)
    text = _written(results, compared, options.format)
    if to_terminal:
        print(text, end="")
        return _status(results, compared, options)
    try:
        size = _write(page, text)
    except OSError as error:
        print(f"cannot write {page}: {error.strerror}", file=sys.stderr)
        return 1
    print(f"{page} ({units.quantity(size, units.BYTES)})")
    return _status(results, compared, options)


def _draw(results: Results, folder: Path) -> int:
    """Write each figure into a folder."""
    count = 0
    try:
        for name, text in gallery.figures(results):
            _write(folder / name, text)
            count += 1
    except OSError as error:
        print(f"cannot write into {folder}: {error.strerror}", file=sys.stderr)
        return 1
    if not count:
        print("Nothing written: there is no sweep to draw.", file=sys.stderr)
        return 1
    print(f"{folder} ({count} figures)")
    return 0


def _written(results: Results, compared: comparison.Comparison | None, form: str) -> str:
    """Write the results in one of the formats."""
    if form == "html":
        return render(results, compared)
    judged = export.judged(results)
    return export.csv(judged) if form == "csv" else markdown.summary(results, judged)


def _status(
    results: Results, compared: comparison.Comparison | None, options: argparse.Namespace
) -> int:
    if compared and options.fail_if_slower is not None:
        if compared.cases.empty:
            print("No case is in both runs: nothing was compared.", file=sys.stderr)
            return 1
        if len(compared.slower):
            print(f"{len(compared.slower)} cases became slower.", file=sys.stderr)
            return 1
    return 1 if results.problems else 0


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
        help="html, the page (default); md, a summary to paste into an issue; csv, all records "
        "with their statistics, in seconds, bytes and counts, without the raw rounds; a text that "
        "a spreadsheet would run as a formula begins with an apostrophe there; svg, each figure of "
        "the sweeps as a file, which follows the reader's light or dark theme",
    )
    parser.add_argument(
        "--baseline",
        type=Path,
        metavar="OLD",
        help="an older run to compare the FILE with, case by case",
    )
    parser.add_argument(
        "--fail-if-slower",
        type=_percentage,
        metavar="PERCENT",
        help="with --baseline: exit status 1 if a case became slower by more than this, such as "
        '"5%%", beyond noise',
    )
    return parser


def _how_to_make(commands: Mapping[Path, str]) -> str:
    """List where results lie and the command that writes each."""
    width = max(len(str(path)) for path in commands)
    return "\n".join(f"  {path!s:{width}}  {command}" for path, command in commands.items())


def _percentage(text: str) -> float:
    number, sign, rest = text.partition("%")
    try:
        value = float(number)
    except ValueError:
        value = -1.0
    if sign and not rest and 0 <= value < 1000:
        return value / 100
    raise argparse.ArgumentTypeError(f"expected a percentage such as 5%. Received: {text}")


def _not_comparable(options: argparse.Namespace) -> str:
    """Say what is wrong with the options of a comparison; or nothing."""
    if options.fail_if_slower is not None and not options.baseline:
        return "--fail-if-slower needs --baseline OLD, the run to compare with"
    if options.baseline and len(options.files) > 1:
        return f"--baseline compares one FILE with it. Received: {len(options.files)} files"
    return ""


def _compare(options: argparse.Namespace, results: Results) -> comparison.Comparison:
    """Compare with the older run, and say what changed."""
    threshold = options.fail_if_slower
    if threshold is None:
        threshold = statistics.MARGIN
    before = load([options.baseline])
    for path, reason in before.problems:
        print(f"{path}: {reason}", file=sys.stderr)
    found = comparison.compare(before, results, threshold)
    print(comparison.in_words(found), file=sys.stderr if str(options.output) == "-" else None)
    return found


def _unwritable(form: str, page: Path, files: Sequence[Path], to_terminal: bool) -> str:
    """Say why nothing could be written there, before any work is done; or nothing."""
    if form == "svg":
        if to_terminal:
            return "figures are written into a folder"
        page = page / "figure.svg"
    if to_terminal:
        return ""
    if page.is_dir():
        return "it is a folder; expected the name of a file"
    if page.resolve() in [file.resolve() for file in files]:
        return "it is one of the files to read"
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=page.parent):
            return ""
    except OSError as error:
        return f"{error.strerror}"


def _write(page: Path, text: str) -> int:
    """Write beside the target and rename, so that a page is whole or not there at all."""
    content = text.encode("utf-8")
    handle, name = tempfile.mkstemp(dir=page.parent, prefix=f".{page.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # A temporary file is private to its owner; a page has the usual permissions.
        mask = os.umask(0)
        os.umask(mask)
        draft.chmod(0o666 & ~mask)
        draft.replace(page)
    finally:
        draft.unlink(missing_ok=True)
    return len(content)


if __name__ == "__main__":
    sys.exit(main())
