"""Which records compete with each other, and the one among them that a column is taken from."""

from collections.abc import Sequence

import pandas as pd

from reports.sources.case import GEOMETRY
from reports.text import words

# Records of one sweep, measured together: never compared across files.
SWEEP = ["file", "sweep"]


def whole_cases(records: pd.DataFrame, *, pools_groups: bool = False) -> pd.Series:
    """Number the whole cases: operators compete if they were timed in the same rounds.

    In files that name no measurement it is the same geometry and direction at the same place of
    the axis.

    Args:
        records: the table `stages.LOADED`.
        pools_groups: whether, in such files, all places of an axis of groups are one case: one
            baseline was timed for all of them.

    Returns:
        One number for each record, the same for all records of a whole case.
    """
    place = records["axis_value"].astype(str)
    if pools_groups:
        place = place.where(records["axis"] != "groups", "")
    keyed = records[[*SWEEP, "direction", *GEOMETRY]].assign(place=place)
    by_geometry = keyed.groupby(list(keyed), sort=False, dropna=False).ngroup()
    names = records["measurement"]
    by_name = records.assign(measurement=names.astype(str)).groupby([*SWEEP, "measurement"])
    # Numbers below zero are those of named measurements.
    return by_geometry.where(names.isna(), -1 - by_name.ngroup())


def of_case(
    records: pd.DataFrame, cases: pd.Series, chosen: pd.Series, columns: Sequence[str]
) -> pd.DataFrame:
    """Look up columns of one record of each whole case.

    Args:
        records: any records.
        cases: the number of each record's case, as `whole_cases` returns it.
        chosen: whether a record is the one to look up; of several in a case the first counts.
        columns: what to look up.

    Returns:
        The columns, one row for each record; NaN where the case has no chosen record.
    """
    marked = records.loc[chosen, [*columns]].assign(case=cases[chosen])
    found = marked.drop_duplicates("case").set_index("case").reindex(cases)
    return found.set_axis(records.index)


def competing(records: pd.DataFrame) -> pd.DataFrame:
    """Keep the operators that compete, and their baseline.

    Args:
        records: any records.

    Returns:
        The records without the baseline's twins, which show the noise, and without the sweeps of
        empty calls, which show what a call costs.
    """
    is_empty = records["operator"] == words.EMPTY_CALL
    has_empty = is_empty.groupby([records[key] for key in SWEEP]).transform("any")
    return records[~records["is_twin"] & ~has_empty.astype(bool)]
