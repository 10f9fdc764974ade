"""What a run says at its end: the ratios of its results, where they are, how to draw them."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from reports.sources.files import shown_path


def short(path: Path, folder: Path | None = None) -> Path:
    """Return a path as it is seen from a folder, if it is in there.

    Args:
        path: absolute, or relative to that folder.
        folder: from which the command was given, absolute. Default: the current one.
    """
    try:
        return path.relative_to(folder or Path.cwd())
    except ValueError:
        return path


def lines(path: Path, short: Path, spent: Mapping[str, float], words: Sequence[str]) -> list[str]:
    """Return the ratios of a results file, and the command that makes its report.

    Args:
        path: the results file.
        short: the same for the eye.
        spent: seconds by purpose; none where it is not known.
        words: what `python -m reports` is given.
    """
    # pandas takes a second to import, and only this summary needs it.
    from reports.sweeps.closing import closing_summary  # noqa: PLC0415
    from reports.sweeps.load import read  # noqa: PLC0415

    run = read(path).content
    parts = [f"{purpose} {seconds:.0f} s" for purpose, seconds in spent.items()]
    return [
        closing_summary(run.records, run.model),
        *run.warnings,
        *([f"Time:    {', '.join(parts)}"] if parts else []),
        f"Results: {shown_path(short)}",
        f"Report:  {shlex.join(['python', '-m', 'reports', *words])}",
    ]
