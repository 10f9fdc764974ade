"""Records to sentences: what a sweep found, with its interval and costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports.sources.case import GEOMETRY
from reports.sweeps import scaling, subjects
from reports.sweeps.analysis import directions, of_direction
from reports.sweeps.tables import MOST_TELLING, baseline_name, is_of_models, sweeps
from reports.sweeps.verdicts import VERDICTS
from reports.text import units, words

# What a reader takes in at once.
MOST_SENTENCES = 7


@dataclass(frozen=True)
class Sentence:
    """One thing that a run found.

    Attributes:
        text: the sentence, with its interval.
        sweep: the sweep whose figures and table show it; None for the figure of all sweeps.
        test: the pytest id that measures its case again; None where it speaks of many.
    """

    text: str
    sweep: str | None = None
    test: str | None = None

    @property
    def command(self) -> str:
        """What measures its case again, to paste into a shell; empty where it speaks of many."""
        return words.pytest(self.test) if self.test else ""


def answer(records: pd.DataFrame) -> list[Sentence]:
    """Say in at most `MOST_SENTENCES` what one run found.

    Args:
        records: one run's judged records, with `series`.
    """
    groups = {sweep: group for _, sweep, group in sweeps(records)}
    models = {sweep: group for sweep, group in groups.items() if is_of_models(group)}
    operators = {sweep: group for sweep, group in groups.items() if sweep not in models}
    found = _counted(pd.concat(operators.values())) if operators else []
    detailed = [sweep for sweep in (*MOST_TELLING, *operators) if sweep in operators][:1]
    for sweep in detailed:
        found += _in_full(operators[sweep], sweep)
    found += _overtaking(operators)
    found += [
        Sentence(f"Whole models. {headline(group)}", sweep) for sweep, group in models.items()
    ]
    return found[:MOST_SENTENCES]


def _counted(records: pd.DataFrame) -> list[Sentence]:
    """In how many cases of all sweeps the subject is faster and where it is not."""
    subject = subjects.subject(records)
    if subject is None:
        return [Sentence(_nothing_to_compare(records))]
    cases = subjects.lines_of(records, subject)
    cases = cases.drop_duplicates([*GEOMETRY, "groups", "direction", "macs"])
    name = words.sentence_case(subject)
    found = [Sentence(f"{name} against {baseline_name(records)}: {_verdicts(cases)}.")]
    if subjects.has_other_rival(cases).any():
        known = cases[cases["best_rival"].notna()]
        rival = known["best_rival"].mode().iloc[0]
        counted = _verdicts(known, "best_verdict", "best_ratio")
        text = f"Against the best rival of each case, most often {rival}: {counted}."
        found.append(Sentence(text))
    return found


def _verdicts(cases: pd.DataFrame, verdict: str = "verdict", ratio: str = "ratio") -> str:
    """How many cases of each direction came out which way, and the ends of their ratios."""
    parts = []
    for direction in directions(cases):
        chosen = of_direction(cases, direction)
        counts = chosen[verdict].value_counts()
        verdicts = ", ".join(f"{name} in {counts[name]}" for name in VERDICTS if name in counts)
        ends = units.bracket(chosen[ratio].min(), chosen[ratio].max())
        parts.append(
            f"{direction}, {verdicts} of {units.counted(len(chosen), 'case')} (ratios {ends})"
        )
    return "; ".join(parts)


def _in_full(records: pd.DataFrame, sweep: str) -> list[Sentence]:
    """The middle case of one sweep: one sentence per direction, and its share of the limit."""
    subject = subjects.subject(records)
    lines = subjects.lines_of(records, subject)
    found = []
    for position, direction in enumerate(directions(lines)[:2]):
        chosen = of_direction(lines, direction)
        row = subjects.middle(chosen)
        assert row is not None  # every direction listed has a record
        text = _sentence(chosen, detailed=position == 0, baseline=baseline_name(records))
        found.append(Sentence(text, sweep, str(row["fullname"])))
        if position == 0 and pd.notna(row.get("roofline_share")):
            found.append(_limit(of_direction(records, direction), row, sweep))
    return found


def _limit(records: pd.DataFrame, row: Mapping[str, Any], sweep: str) -> Sentence:
    """How much of what the machine allows a case reaches, and how much its baseline reaches."""
    text = (
        f"There it reaches {_percent(row['roofline_share'])} of the speed that this machine's "
        f"{row['bound']} peak allows"
    )
    dense = records[records["is_baseline"]]
    at_place = dense["axis_value"] == row["axis_value"]
    # In older files one baseline serves every number of groups.
    if row["axis"] != "groups" or at_place.any():
        dense = dense[at_place]
    if len(dense) and pd.notna(dense["roofline_share"].iloc[0]):
        text += f", {baseline_name(records)} {_percent(dense['roofline_share'].iloc[0])}"
    return Sentence(f"{text}.", sweep)


def _percent(share: float) -> str:
    return f"{units.digits(100 * share, 2)} %"


def _overtaking(groups: Mapping[str, pd.DataFrame]) -> list[Sentence]:
    """Where along the sweeps the subject overtakes the baseline, or falls behind."""
    parts = []
    for records in groups.values():
        laws = scaling.laws(records[records["series"] == subjects.subject(records)])
        noun = words.axis(str(records["axis"].iloc[0])).noun
        for law in laws.to_dict("records"):
            found = law["crossing"]
            if isinstance(found, scaling.Crossing):
                parts.append(
                    f"{found.becomes} between {noun} {found.place} ({found.certainty}), "
                    f"{law['direction']}"
                )
    return [Sentence(f"By its medians it becomes {'; '.join(parts)}.")] if parts else []


def headline(records: pd.DataFrame) -> str:
    """State what one sweep found.

    The case is the one in the middle of the axis, chosen by its place and not by its
    result; a count of verdicts tells how far it speaks for the others.

    Args:
        records: one sweep's judged records, with `series`.

    Returns:
        One sentence per direction.
    """
    subject = subjects.subject(records)
    if subject is None:
        return _nothing_to_compare(records)
    lines = subjects.lines_of(records, subject)
    return " ".join(
        _sentence(
            of_direction(lines, direction),
            detailed=position == 0,
            baseline=baseline_name(records),
        )
        for position, direction in enumerate(directions(lines))
    )


def _nothing_to_compare(records: pd.DataFrame) -> str:
    return f"Only {baseline_name(records)} was measured: there is nothing to compare."


def _sentence(lines: pd.DataFrame, *, detailed: bool, baseline: str) -> str:
    """What the middle case of one series and direction took, and what the others did."""
    row = subjects.middle(lines)
    assert row is not None  # every direction listed has a record
    interval = units.bracket(row["ratio_low"], row["ratio_high"])
    measured = f"{units.times(row['ratio'])} times the time of {baseline} ({interval})"
    if row["verdict"] == "undecided":
        found = f"cannot be told from {baseline}: {measured}"
        if row["ratio_low"] > 1 or row["ratio_high"] < 1:
            found = f"takes, by a difference too small to confirm in this run, {measured}"
        if not pd.notna(row["ratio_low"]):
            found = f"was measured too few times to decide: {measured}"
    elif row["verdict"] == "equivalent":
        found = f"is as fast as {baseline}: {measured}"
    else:
        found = f"takes {measured}"
    costs = subjects.costs(row)
    start = f"{row['direction'].capitalize()}, "
    if detailed:
        start += f"{words.case(row)}: {row['series']} "
        found += f", with {costs}" if costs else ""
    else:
        start = f"{row['direction'].capitalize()}: it "
    return f"{start}{found}{_against_rival(row)}{_count(lines)}."


def _against_rival(row: Mapping[str, Any]) -> str:
    """The ratio to the best rival, where that is not the baseline."""
    if not subjects.has_other_rival(pd.DataFrame([row])).item():
        return ""
    interval = units.bracket(row["best_low"], row["best_high"])
    return (
        f"; against the best rival, {row['best_rival']}, "
        f"{units.times(row['best_ratio'])} times ({interval})"
    )


def _count(lines: pd.DataFrame) -> str:
    """How many points of the sweep came out which way; nothing for a single point."""
    if len(lines) < 2:
        return ""
    values = [words.value(value) for value in words.in_order(lines["axis_value"])]
    noun = words.axis(str(lines["axis"].iloc[0])).noun
    counts = lines["verdict"].value_counts()
    parts = [f"{verdict} at {counts[verdict]}" for verdict in VERDICTS if verdict in counts]
    points = units.counted(len(lines), "point")
    return f". Of {points}, {noun} {values[0]} to {values[-1]}: {', '.join(parts)}"
