"""Names of files and folders that tell them apart."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from reports.sources.files import shown_path


def telling_names(paths: Sequence[str | Path]) -> list[str]:
    """Name each path by as much of its end as tells it from the others.

    Args:
        paths: files or folders.

    Returns:
        One name per path; equal only where two paths are the same.

    Example:
        >>> telling_names(["a/bench.json", "b/bench.json", "b/new.json"])
        ['a/bench.json', 'b/bench.json', 'new.json']
    """
    parts = [Path(os.path.abspath(path)).parts for path in paths]  # noqa: PTH100 - `..` goes, links stay
    longest = max(map(len, parts), default=0)
    ends = [[each[-length:] for each in parts] for length in range(1, longest + 1)]
    counts = [Counter(each) for each in ends]
    names = []
    for place, whole in enumerate(parts):
        alone = (
            end[place] for end, times in zip(ends, counts, strict=True) if times[end[place]] == 1
        )
        names.append(shown_path(Path(*next(alone, whole)).as_posix()))
    return names
