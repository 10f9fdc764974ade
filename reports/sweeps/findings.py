"""Records to sentences: what a sweep found, with its interval and costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports.sources.case import GEOMETRY
from reports.sweeps import scaling
from reports.sweeps.analysis import VERDICTS, directions, of_direction
from reports.sweeps.tables import baseline_name, is_of_models, sweeps
from reports.text import units, words

# Sweeps that answer for a run, the most telling first: one case of it in full, and its models.
DETAILED = ("kernel_size", "resolution", "stride", "groups", "core")


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
    """Say in at most six sentences what one run found.

    Args:
        records: one run's judged records, with `series`.
    """
    groups = {sweep: group for _, sweep, group in sweeps(records)}
    models = {sweep: group for sweep, group in groups.items() if is_of_models(group)}
    operators = {sweep: group for sweep, group in groups.items() if sweep not in models}
    found = _counted(pd.concat(operators.values())) if operators else []
    detailed = [sweep for sweep in (*DETAILED, *operators) if sweep in operators][:1]
    for sweep in detailed:
        found += _in_full(operators[sweep], sweep)
    found += _overtaking(operators)
    found += [
        Sentence(f"Whole models. {headline(group)}", sweep) for sweep, group in models.items()
    ]
    return found[:6]


def _counted(records: pd.DataFrame) -> list[Sentence]:
    """In how many cases of all sweeps the subject is faster and where it is not."""
    subject = _subject(records)
    if subject is None:
        return [Sentence(_nothing_to_compare(records))]
    cases = records[(records["series"] == subject) & ~records["is_baseline"]]
    cases = cases.drop_duplicates([*GEOMETRY, "groups", "direction", "macs"])
    parts = []
    for direction in directions(cases):
        chosen = of_direction(cases, direction)
        counts = chosen["verdict"].value_counts()
        verdicts = ", ".join(f"{name} in {counts[name]}" for name in VERDICTS if name in counts)
        ends = units.bracket(chosen["ratio"].min(), chosen["ratio"].max())
        parts.append(
            f"{direction}, {verdicts} of {units.counted(len(chosen), 'case')} (ratios {ends})"
        )
    subject = words.sentence_case(subject)
    counted = "; ".join(parts)
    return [Sentence(f"{subject} against {baseline_name(records)}: {counted}.")]


def _in_full(records: pd.DataFrame, sweep: str) -> list[Sentence]:
    """The middle case of one sweep: one sentence per direction, and its share of the limit."""
    subject = _subject(records)
    lines = records[(records["series"] == subject) & ~records["is_baseline"]]
    found = []
    for position, direction in enumerate(directions(lines)[:2]):
        chosen = of_direction(lines, direction)
        row = _middle(chosen)
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
    # One baseline serves every number of groups.
    if row["axis"] != "groups":
        dense = dense[dense["axis_value"] == row["axis_value"]]
    if len(dense) and pd.notna(dense["roofline_share"].iloc[0]):
        text += f", {baseline_name(records)} {_percent(dense['roofline_share'].iloc[0])}"
    return Sentence(f"{text}.", sweep)


def _percent(share: float) -> str:
    return f"{units.digits(100 * share, 2)} %"


def _overtaking(groups: Mapping[str, pd.DataFrame]) -> list[Sentence]:
    """Where along the sweeps the subject overtakes the baseline, or falls behind."""
    parts = []
    for records in groups.values():
        laws = scaling.laws(records[records["series"] == _subject(records)])
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
    subject = _subject(records)
    if subject is None:
        return _nothing_to_compare(records)
    lines = records[(records["series"] == subject) & ~records["is_baseline"]]
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


def ratio_title(records: pd.DataFrame) -> str:
    """Title the figure of one sweep's ratios with its finding.

    Args:
        records: one sweep's judged records, with `series`.
    """
    noun = words.axis(str(records["axis"].iloc[0])).noun
    subject = _subject(records)
    if subject is None:
        return f"{words.sentence_case(baseline_name(records))} against itself by {noun}"
    lines = of_direction(records, directions(records)[0])
    lines = lines[(lines["series"] == subject) & ~lines["is_baseline"]]
    if lines.empty:
        return f"Time / time of {baseline_name(records)} by {noun}"
    ends = _ends(lines)
    spread = " to ".join(
        f"{units.ratio(row['ratio'])} at {words.value(row['axis_value'])}" for row in ends
    )
    return f"{subject.capitalize()}, {ends[0]['direction']}: {spread} ({noun})"


def cost_title(records: pd.DataFrame) -> str:
    """Title the figure of one sweep's costs with the subject's memory and MACs.

    Args:
        records: one sweep's judged records, with `series`.
    """
    subject = _subject(records)
    noun = words.axis(str(records["axis"].iloc[0])).noun
    plain = f"Time, memory, FLOPs and parameters by {noun}"
    if subject is None:
        return plain
    lines = of_direction(records, directions(records)[0])
    row = _middle(lines[(lines["series"] == subject) & ~lines["is_baseline"]])
    costs = _costs(row) if row else ""
    if not row or not costs:
        return plain
    place = f"{noun} {words.value(row['axis_value'])}"
    return f"At {place}, {subject} has {costs} of {baseline_name(records)}"


def overview_title(records: pd.DataFrame) -> str:
    """Title the overview: for how many records saved work became saved time.

    Args:
        records: one run's judged records, with `series`.
    """
    baseline = baseline_name(records)
    saving = records[(records["macs_ratio"] < 1) & ~records["is_baseline"]]
    # A case that several sweeps share counts once.
    saving = saving.drop_duplicates([*GEOMETRY, "groups", "direction", "series", "macs"])
    subject = _subject(saving)
    if subject is None:
        return "Time against work"
    saving = saving[saving["series"] == subject]
    faster = int((saving["verdict"] == "faster").sum())
    return (
        f"Of {units.counted(len(saving), 'case')} in which {subject} has fewer MACs than "
        f"{baseline}, it is faster in {faster}"
    )


def _subject(records: pd.DataFrame) -> str | None:
    """The series that the sentences are about; None where only the baseline ran."""
    others = records[~records["is_baseline"]]
    for operator, implementation in words.SUBJECTS:
        found = others[
            (others["operator"] == operator) & (others["implementation"] == implementation)
        ]
        if len(found):
            return str(found["series"].iloc[0])
    return str(others["series"].iloc[0]) if len(others) else None


def _middle(lines: pd.DataFrame) -> Mapping[str, Any] | None:
    values = words.in_order(lines["axis_value"])
    if not values:
        return None
    middle = values[(len(values) - 1) // 2]
    return dict(lines[lines["axis_value"] == middle].iloc[0])


def _ends(lines: pd.DataFrame) -> list[Mapping[str, Any]]:
    values = words.in_order(lines["axis_value"])
    ends = dict.fromkeys((values[0], values[-1]))
    return [dict(lines[lines["axis_value"] == value].iloc[0]) for value in ends]


def _sentence(lines: pd.DataFrame, *, detailed: bool, baseline: str) -> str:
    """What the middle case of one series and direction took, and what the others did."""
    row = _middle(lines)
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
    costs = _costs(row)
    start = f"{row['direction'].capitalize()}, "
    if detailed:
        start += f"{words.case(row)}: {row['series']} "
        found += f", with {costs}" if costs else ""
    else:
        start = f"{row['direction'].capitalize()}: it "
    return f"{start}{found}{_count(lines)}."


def _costs(row: Mapping[str, Any]) -> str:
    parts = [
        f"{units.times(row[column])} times the {name}"
        for column, name in (
            ("macs_ratio", "MACs"),
            ("parameters_ratio", "parameters"),
            ("memory_ratio", "peak memory"),
        )
        if pd.notna(row[column])
    ]
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


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
