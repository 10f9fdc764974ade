"""The columns of an archive that a history is made of."""

from pathlib import Path

import pandas as pd

from reports.archive.reading import read
from reports.history.labels import OPERATOR, PARTS
from reports.history.timelines import ENDS, OF_RUN, QUANTITIES
from reports.sources.files import showable_string

SIZE = ("height", "width", "channels")
OF_RECORD = ("series", "is_measured", "is_twin", "is_baseline", "is_model", "label")
JUDGED = tuple(quantity + end for quantity in QUANTITIES for end in ("", *ENDS))


def records(folder: Path) -> pd.DataFrame:
    """Read the records of an archive.

    Args:
        folder: written by `python -m reports archive`.

    Returns:
        One row per record, in the order of runs and series; strings without control characters.

    Raises:
        ArchiveError: if it is no archive that can be read.
    """
    parts = [name for name in PARTS if name != "size"]
    columns = dict.fromkeys([*OF_RUN, *OF_RECORD, *OPERATOR, *SIZE, *parts, *JUDGED])
    found = with_showable_strings(read(folder, [*columns]))
    return found.sort_values(["run", "series"], kind="stable", ignore_index=True)


def with_showable_strings(table: pd.DataFrame) -> pd.DataFrame:
    """Replace what no page and no terminal can show: anybody may have written an archive.

    Args:
        table: any.

    Returns:
        The table, with a replacement for each control character in a string.
    """
    changed = {}
    for name in table.select_dtypes(exclude=["number", "bool", "datetimetz"]):
        strings = [each for each in table[name].unique() if isinstance(each, str)]
        spoilt = {each: showable_string(each) for each in strings if not each.isprintable()}
        if spoilt:
            changed[str(name)] = table[name].map(lambda each, new=spoilt: new.get(each, each))
    return table.assign(**changed)
