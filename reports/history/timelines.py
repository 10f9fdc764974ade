"""Records of an archive to timelines: what one machine's runs say of each series, in order."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.history.commits import Commits
from reports.history.labels import labelled
from reports.history.means import with_means
from reports.history.ordering import in_order

Floats = NDArray[np.float64]

# What is known of a run, the same in all of its records.
OF_RUN = (
    *("run", "hardware", "machine", "commit", "commit_time", "measured_at", "dirty"),
    *("sweep_size", "software", "source"),
)
QUANTITIES = ("ratio", "seconds")
ENDS = ("_low", "_high")


@dataclass(frozen=True, eq=False)
class Timeline:
    """All runs of one machine.

    Attributes:
        machine: its name for readers.
        runs: one row per run, in order, with the columns of `OF_RUN` and `step`, the number of the
            commit, the same for runs of one commit.
        series: one row per series, with `name`, `operator`, `implementation`, `direction`, `label`
            (its case), `is_baseline`, `quantity` (what is judged: "ratio", or "seconds" for a
            baseline) and `is_mean`: operators as the mean of their cases come first.
        values: "ratio", "seconds" and each with "_low" and "_high": arrays of shape (series,
            runs), NaN where a run has no such record or no interval.
    """

    machine: str
    runs: pd.DataFrame
    series: pd.DataFrame
    values: dict[str, Floats]

    @property
    def judged(self) -> Floats:
        """Natural logarithms of what is judged, of shape (series, runs)."""
        is_ratio = (self.series["quantity"] == "ratio").to_numpy()[:, None]
        return np.log(np.where(is_ratio, self.values["ratio"], self.values["seconds"]))

    @property
    def steps(self) -> NDArray[np.int64]:
        """The number of the commit of each run."""
        return self.runs["step"].to_numpy(np.int64)


def timelines(
    records: pd.DataFrame, commits: Commits, *, by_date: bool = False
) -> Iterator[Timeline]:
    """Lay out the records of an archive.

    Args:
        records: rows of the archive, with the columns of `OF_RUN` and of its records.
        commits: what the repository knows.
        by_date: whether the dates of commits decide, not git's order.

    Yields:
        One timeline per kind of machine, those with most runs first. Left out are twins, records
        that were not measured, and runs with changes that were not committed: these say nothing of
        their commit.
    """
    flags = records[["is_measured", "is_twin", "dirty"]].isin([True])
    is_told = flags["is_measured"] & ~flags["is_twin"] & ~flags["dirty"]
    told = records[is_told & (records["seconds"] > 0) & (records["ratio"] > 0)]
    runs_of = told.groupby("hardware")["run"].nunique().sort_values(ascending=False, kind="stable")
    for hardware in runs_of.index:
        yield _timeline(told[told["hardware"] == hardware], commits, by_date=by_date)


def _timeline(records: pd.DataFrame, commits: Commits, *, by_date: bool) -> Timeline:
    runs = in_order(records.drop_duplicates("run")[[*OF_RUN]], commits, by_date=by_date)
    # Records that several sweeps share hold the same rounds.
    once = records.drop_duplicates(["run", "series"])
    last = labelled(once.drop_duplicates("series", keep="last")).set_index("series", drop=False)
    place = {name: number for number, name in enumerate(last.index)}
    rows = once["series"].map(place).to_numpy()
    columns = once["run"].map(dict(zip(runs["run"], runs.index, strict=True))).to_numpy()
    values = {}
    for name in (quantity + end for quantity in QUANTITIES for end in ("", *ENDS)):
        values[name] = np.full((len(last), len(runs)), np.nan)
        values[name][rows, columns] = once[name].to_numpy(np.float64)
    series, values = with_means(last.reset_index(drop=True), values, QUANTITIES)
    return Timeline(str(runs["machine"].iloc[-1]), runs, series, values)
