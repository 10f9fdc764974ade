"""pytest's hooks that say what a sweep does: a line for each benchmark, and a summary."""

import pytest

from bench.session import pace, terminal
from bench.session.plugin import FAILURE, LEFT_OUT, PROGRESS, TIME_LEFT


def pytest_report_teststatus(
    report: pytest.TestReport, config: pytest.Config
) -> tuple[str, str, str] | None:
    """Say what a case measured in place of PASSED, and how long the run still takes."""
    measured = dict(report.user_properties).get("measured")
    if report.when != "call" or not (report.failed or measured):
        return None
    seconds = config.stash[TIME_LEFT].seconds if TIME_LEFT in config.stash else None
    left = [pace.in_words(seconds)] if seconds else []
    if report.failed:
        return "failed", "F", ", ".join(["FAILED", *left])
    return "passed", ".", ", ".join([str(measured), *left])


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Say no more how long the run takes: pytest's summary names results again."""
    if TIME_LEFT in session.config.stash:
        del session.config.stash[TIME_LEFT]


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Write the ratios and where the results are, or why they could not be written."""
    if FAILURE in config.stash:
        terminalreporter.write_line(config.stash[FAILURE], red=True)
    progress = config.stash.get(PROGRESS, None)
    if progress and progress.is_published and progress.entries.benchmarks:
        terminal.summarise(terminalreporter, config, progress.path, progress.entries.spent)
        missing = progress.total - len(progress.entries.finished)
        if missing:
            words = terminal.of_missing(missing, progress.total)
            terminalreporter.write_line(words, yellow=True)
    left_out = config.stash.get(LEFT_OUT, [])
    if left_out:
        size = config.option.sweep_size
        terminalreporter.write_line(f"Skipped, not part of a {size} sweep: {', '.join(left_out)}")
