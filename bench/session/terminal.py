"""What a sweep says on the terminal: one line per benchmark, and a summary at the end."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

import pytest

from bench.session import closing, options, own
from reports.sources.files import shown_path
from reports.text import units


def in_words(seconds: Sequence[float], baseline_seconds: Sequence[float], baseline: str) -> str:
    """Say what a benchmark measured.

    Args:
        seconds: the operator's rounds.
        baseline_seconds: the baseline's, in the same rounds.
        baseline: its name.

    Example:
        >>> in_words([0.002, 0.002], [0.001, 0.001], "convolution")
        '2 ms, 2x convolution'
    """
    ratio = median(a / b for a, b in zip(seconds, baseline_seconds, strict=True))
    return f"{1e3 * median(seconds):.3g} ms, {ratio:.3g}x {baseline}"


def summarise(
    terminal: pytest.TerminalReporter,
    config: pytest.Config,
    path: Path,
    spent: Mapping[str, float],
) -> None:
    """Write the ratios of a results file, and the command that makes its report.

    Args:
        terminal: where to write.
        config: pytest's configuration.
        path: the results file.
        spent: seconds by purpose.
    """
    short = closing.short(path, config.invocation_params.dir)
    if own.is_part_of_trial(config):
        terminal.write_line(f"Results: {shown_path(short)}")
        return
    terminal.section("involution against convolution")
    files = [] if options.is_default_file(config) else [short.as_posix()]
    for line in closing.lines(path, short, spent, files):
        terminal.write_line(line)


def of_missing(missing: int, total: int) -> str:
    """Say how to measure the cases that are missing.

    Args:
        missing: how many there are.
        total: how many cases the plan has.

    Example:
        >>> of_missing(1, 4)
        '1 of 4 cases is missing: the same command with --resume measures it'
    """
    verb, them = ("is", "it") if missing == 1 else ("are", "them")
    cases = units.counted(total, "case")
    return f"{missing} of {cases} {verb} missing: the same command with --resume measures {them}"
