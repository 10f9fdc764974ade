"""What the first screen of a run is about: one sweep of it, and one case of that."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports.sweeps import subjects
from reports.sweeps.analysis import directions, of_direction
from reports.sweeps.tables import MOST_TELLING, baseline_name, is_of_models, sweeps
from reports.text import fractions, words

# Ratios along an axis that differ by more than this factor are not told of as one.
ALIKE = 1.5


@dataclass(frozen=True)
class Telling:
    """The sweep that speaks for a run.

    Attributes:
        records: its records, those of the baseline too.
        subject: the series that the run is about.
        row: the case in the middle of the axis in the first direction, chosen by its place.
        baseline: the baseline's name in a sentence.
    """

    records: pd.DataFrame
    subject: str
    row: Mapping[str, Any]
    baseline: str

    @property
    def name(self) -> str:
        """The subject in a sentence; `native` is what one gets, and needs no mention."""
        return self.subject.removesuffix(" (native)")

    @property
    def place(self) -> str:
        """Where on the axis the case is, such as "at kernel size 7"."""
        return words.at(str(self.row["axis"]), words.value(self.row["axis_value"]))

    @property
    def where(self) -> str:
        """The place where another one along the axis would tell otherwise, or else "here"."""
        if self.row["axis"] == "kernel_size" and " x " in self.baseline:
            return "here"  # the baseline's name has the place: "7 x 7 convolution"
        lines = of_direction(
            subjects.lines_of(self.records, self.subject), str(self.row["direction"])
        )
        memory = lines["memory_ratio"][lines["memory_ratio"] > 0]
        sides = {fractions.side(value) for value in memory}
        differs = (
            len({*lines["verdict"]} - {"undecided"}) > 1
            or len(sides) > 1
            or any(each.max() > ALIKE * each.min() for each in (lines["ratio"], memory))
        )
        return self.place if differs else "here"

    @property
    def case(self) -> str:
        """All else of the case, such as "batch 8, 32 x 32 pixels, 64 channels, float32"."""
        row = self.row
        sizes = {
            "batch": f"batch {row['batch']}",
            "height": f"{row['height']} x {row['width']} pixels",
            "channels": f"{row['channels']} channels",
            "strides": f"stride {row['strides']}",
            "dtype": str(row["dtype"]),
        }
        if is_of_models(self.records):
            del sizes["channels"], sizes["strides"]
        return ", ".join(text for key, text in sizes.items() if key != row["axis"])

    def of(self, direction: str) -> Mapping[str, Any] | None:
        """Find the same case in another direction; None where it was not measured.

        Args:
            direction: "forward" or "training".
        """
        lines = of_direction(subjects.lines_of(self.records, self.subject), direction)
        found = lines[lines["axis_value"] == self.row["axis_value"]]
        return dict(found.iloc[0]) if len(found) else None


def of_operators(records: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Split off the sweeps of operators, which whole models do not compete with.

    Args:
        records: one run's judged records, with `series`.
    """
    return {name: group for _, name, group in sweeps(records) if not is_of_models(group)}


def of_models(records: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Split off the sweeps of whole models.

    Args:
        records: one run's judged records, with `series`.
    """
    return {name: group for _, name, group in sweeps(records) if is_of_models(group)}


def told_of(records: pd.DataFrame) -> Telling | None:
    """Choose the most telling sweep of a run: one of operators, or else one of whole models.

    Args:
        records: one run's judged records, with `series`.

    Returns:
        The sweep and its case; None where nothing is compared with a baseline.
    """
    return telling(of_operators(records)) or telling(of_models(records))


def telling(groups: Mapping[str, pd.DataFrame]) -> Telling | None:
    """Choose the most telling sweep in which something is compared with a baseline.

    Args:
        groups: sweeps by name.

    Returns:
        The sweep and its case; None where only baselines were measured.
    """
    for name in dict.fromkeys([*MOST_TELLING, *groups]):
        records = groups.get(name)
        subject = None if records is None else subjects.subject(records)
        if records is None or subject is None:
            continue
        lines = subjects.lines_of(records, subject)
        row = subjects.middle(of_direction(lines, directions(lines)[0]))
        assert row is not None  # the subject has a record
        return Telling(records, subject, row, _named(records, row))
    return None


def _named(records: pd.DataFrame, row: Mapping[str, Any]) -> str:
    """Name the baseline, dense convolution by the size of its kernel: "7 x 7 convolution"."""
    name = baseline_name(records)
    of_case = records[records["is_baseline"] & (records["axis_value"] == row["axis_value"])]
    if name != "dense convolution":
        return name
    size = row["kernel_size"] if of_case.empty else of_case["kernel_size"].iloc[0]
    rows, _, columns = str(size).partition("x")
    return f"{rows} x {columns or rows} convolution"
