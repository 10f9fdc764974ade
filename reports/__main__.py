"""Command line: `python -m reports [FILE ...] -o PAGE --format html|md|csv|svg`."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from reports.kinds import KINDS, Results, read
from reports.output import csv, html, markdown, svg
from reports.sources.files import UnreadableError, read_json
from reports.sources.writing import UnwritableError, check_writable, write_text
from reports.sweeps import analysis, changes, load
from reports.sweeps.comparison import Comparison, compare
from reports.sweeps.kind import SWEEPS
from reports.sweeps.stages import JUDGED
from reports.text import units

# What is read without a FILE: whatever of it exists.
DEFAULTS = {kind.default: kind.command for kind in KINDS}
DEFAULTS_OF_FORMATS = {
    "html": Path("results/report.html"),
    "md": Path("results/report.md"),
    "csv": Path("results/records.csv"),
    "svg": Path("results/figures"),
}

FORMATS = (
    "html, the page (default); md, a summary to paste into an issue; csv, all records with their "
    "statistics, in seconds, bytes and counts, without the raw rounds; a string that a spreadsheet "
    "would run as a formula begins with an apostrophe there; svg, each figure of the sweeps as a "
    "file, which follows the reader's light or dark theme"
)

DESCRIPTION = """\
Make one self-contained HTML page of results.

A FILE is the JSON file of a benchmark run, or a folder of another kind of results:
{kinds}
Without a FILE the page is made of those of them that exist. Several, also from several
machines, give one page with a section each."""

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
    options.output = options.output or DEFAULTS_OF_FORMATS[options.format]
    fault = _not_comparable(options) or _not_writable(options)
    if fault:
        parser.error(fault)
    files = options.files or [path for path in DEFAULTS if path.exists()]
    if not files:
        print(f"No results here yet. Make some first:\n{_how_to_make(DEFAULTS)}", file=sys.stderr)
        return 1
    results = read(files)
    _print_problems(results.problems)
    if results.empty:
        print("Nothing written: nothing could be read.", file=sys.stderr)
        return 1
    try:
        compared = _compare(options, results) if options.baseline else None
    except ValueError as error:
        print(f"{options.baseline}: {error}", file=sys.stderr)
        return 1
    return _write(results, compared, options)


def _write(results: Results, compared: Comparison | None, options: argparse.Namespace) -> int:
    """Write the results, say where they are, and return the exit status."""
    try:
        said = _written(results, compared, options)
    except (OSError, UnwritableError) as error:
        reason = getattr(error, "strerror", None) or error
        print(f"cannot write {options.output}: {reason}", file=sys.stderr)
        return 1
    if not said:
        print("Nothing written: there is no sweep to draw.", file=sys.stderr)
        return 1
    print(said, end="")
    return _status(results, compared, options)


def _written(results: Results, compared: Comparison | None, options: argparse.Namespace) -> str:
    """Write the results in one of the formats.

    Returns:
        What the terminal shows: where they are, or they themselves; nothing if nothing could be
        drawn.
    """
    target: Path = options.output
    if options.format == "svg":
        count = _draw(results, target)
        return f"{target} ({count} figures)\n" if count else ""
    text = _text(results, compared, options.format)
    if _is_terminal(options.output):
        return text
    size = write_text(target, text)
    return f"{target} ({units.quantity(size, units.BYTES)})\n"


def _text(results: Results, compared: Comparison | None, form: str) -> str:
    if form == "html":
        return html.render(results, compared)
    if form == "md":
        return markdown.summary(results)
    return csv.csv(JUDGED.joined(source.content.judged for source in results.of(SWEEPS)))


def _draw(results: Results, folder: Path) -> int:
    """Write each figure into a folder, and count them."""
    count = 0
    for name, text in svg.figures(results):
        write_text(folder / name, text)
        count += 1
    return count


def _status(results: Results, compared: Comparison | None, options: argparse.Namespace) -> int:
    if compared and options.fail_if_slower is not None:
        if compared.cases.empty:
            print("No case is in both runs: nothing was compared.", file=sys.stderr)
            return 1
        if len(compared.slower):
            print(f"{len(compared.slower)} cases became slower.", file=sys.stderr)
            return 1
    return 1 if results.problems else 0


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
    """List where results are and the command that writes each."""
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


def _compare(options: argparse.Namespace, results: Results) -> Comparison:
    """Compare with the older run, and say what changed."""
    threshold = options.fail_if_slower
    if threshold is None:
        threshold = analysis.MARGIN
    runs = [source.content for source in results.of(SWEEPS)]
    if len(runs) != 1:
        raise UnreadableError(f"expected one run to compare with it. Received: {len(runs)}")
    before = load.from_document(read_json(options.baseline, load.HINT), str(options.baseline))
    _print_problems(before.problems)
    found = compare(before, runs[0], threshold)
    print(changes.in_words(found), file=sys.stderr if _is_terminal(options.output) else None)
    return found


def _is_terminal(output: Path) -> bool:
    return str(output) == "-"


def _not_writable(options: argparse.Namespace) -> str:
    """Say why nothing could be written there, before any work is done; or nothing."""
    page: Path = options.output
    is_terminal = _is_terminal(page)
    if options.format == "svg":
        if is_terminal:
            return "cannot write figures to the terminal; expected a folder"
        page = page / "figure.svg"
    if is_terminal:
        return ""
    if page.resolve() in [file.resolve() for file in options.files]:
        return f"cannot write {page}: it is one of the files to read"
    try:
        check_writable(page)
    except UnwritableError as error:
        return f"cannot write {error}"
    return ""


if __name__ == "__main__":
    sys.exit(main())
