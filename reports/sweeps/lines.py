"""The three lines of the first screen: where the subject wins, where it loses, what it costs."""

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from reports.sources.case import GEOMETRY
from reports.sweeps import subjects
from reports.sweeps.analysis import directions, of_direction
from reports.sweeps.competition import competing
from reports.sweeps.tables import baseline_name
from reports.sweeps.telling import Telling, of_models, of_operators, telling
from reports.text import units, words

# Names of cases that a sentence lists; of more it says how many there are.
MOST_NAMES = 2
# Memory of another case is told of if it is more than that of the baseline, and of the case told
# of, by this factor.
MORE = 1.05
COSTS = (("memory_ratio", "peak memory"), ("parameters_ratio", "parameters"))


def lines(judged: pd.DataFrame) -> list[str]:
    r"""Say where the subject of a run wins, where it loses and what it costs.

    Only verdicts count: a difference inside the noise floor is neither. Places on an axis are
    measured ones.

    Args:
        judged: one run's judged records, with or without `series`.

    Returns:
        Three lines, each of a heading, a colon and sentences; none where nothing is compared.

    Example:
        print("\n".join(lines(read(Path("results/bench.json")).content.judged)))
    """
    records = competing(judged)
    if records.empty:
        return []
    records = records.assign(series=words.series_of(records))
    operators, models = of_operators(records), of_models(records)
    groups, others = (operators, models) if telling(operators) else (models, {})
    told = telling(groups)
    if told is None:
        return []
    cases = {name: subjects.lines_of(group, told.subject) for name, group in groups.items()}
    cases = {name: group for name, group in cases.items() if len(group)}
    contested = [name for name, group in groups.items() if _has_others(group, told.subject)]
    rivals = _to_rivals(pd.concat(cases.values()), contested=contested)
    losses = _losses(cases, baseline_name(told.records))
    return [
        f"Where it wins: {_wins(cases, told)}",
        f"Where it loses: {' '.join([losses, *rivals])}",
        f"What it costs: {_costs(told, others)}",
    ]


def _has_others(records: pd.DataFrame, subject: str) -> bool:
    """Say whether another operator competes in a sweep than the subject and the baseline."""
    own = records.loc[records["series"] == subject, "operator"].unique()
    return bool((~records["is_baseline"] & ~records["operator"].isin(own)).any())


def _wins(cases: Mapping[str, pd.DataFrame], told: Telling) -> str:
    found, total = _counted(cases, "faster")
    baseline = baseline_name(told.records)
    if not found:
        return f"nowhere in {units.counted(total, 'case')} against {baseline}."
    if found == total > 1:
        return f"faster than {baseline} in {_all(total)} cases."
    where = _where(cases, "faster")
    return f"faster than {baseline} in {found} of {units.counted(total, 'case')}: {where}."


def _losses(cases: Mapping[str, pd.DataFrame], baseline: str) -> str:
    slower, total = _counted(cases, "slower")
    found = [f"nowhere against {baseline}."]
    if slower == total > 1:
        found = [f"slower than {baseline} in {_all(total)} cases."]
    elif slower:
        found = [f"slower than {baseline} {_where(cases, 'slower')}."]
    undecided = _where(cases, "undecided")
    found += [f"Not decided {undecided}."] if undecided else []
    return " ".join(found)


def _to_rivals(cases: pd.DataFrame, *, contested: Collection[str]) -> list[str]:
    """Say which other operator is faster than the subject most often, and in how many cases."""
    lost = cases[subjects.has_other_rival(cases) & (cases["best_verdict"] == "slower")]
    lost = _each_once(lost)
    if lost.empty:
        return []
    total = len(_each_once(cases[cases["sweep"].isin(contested)]))
    names = lost["best_rival"].value_counts()
    rival = words.sentence_case(str(names.index[0]))
    if len(names) > 1:
        rival = f"Another operator, most often {names.index[0]},"
    count = _all(total) if len(lost) == total > 1 else f"{len(lost)} of {total}"
    return [f"{rival} is faster than it in {count} cases with other operators."]


def _costs(told: Telling, models: Mapping[str, pd.DataFrame]) -> str:
    parts = [
        f"{units.times(told.row[column])} times the {name}"
        for column, name in COSTS
        if pd.notna(told.row[column]) and told.row[column] > 0
    ]
    most = _most_memory(told)
    place = f" {told.place}" if most else ""
    found = [f"{words.listed(parts)} of {told.baseline}{place}."] if parts else []
    found += [most] if most else []
    training = told.of("training")
    if training is not None and training["direction"] != told.row["direction"]:
        found.append(f"Training {_time(training, told)}.")
    whole = telling(models)
    if whole is not None:
        place = words.sentence_case(whole.place)
        found.append(f"{place} {whole.name} {_time(whole.row, whole)}.")
    return " ".join(found) or "nothing else was measured."


def _most_memory(told: Telling) -> str:
    """Where along the axis and in which direction memory is more; empty if it is not."""
    cases = subjects.lines_of(told.records, told.subject)
    cases = cases[cases["memory_ratio"] > MORE]
    if cases.empty:
        return ""
    row = dict(cases.sort_values("memory_ratio").iloc[-1])
    here = told.row["memory_ratio"]
    if pd.notna(here) and row["memory_ratio"] <= MORE * here:
        return ""
    place = words.at(str(row["axis"]), words.value(row["axis_value"]))
    step = "" if row["direction"] == told.row["direction"] else f" in {row['direction']}"
    return f"{units.times(row['memory_ratio'])} times the peak memory {place}{step}."


def _time(row: Mapping[str, Any], told: Telling) -> str:
    """The time of a case over that of its baseline, or that the difference is not decided."""
    interval = units.bracket(row["ratio_low"], row["ratio_high"])
    if row["verdict"] == "equivalent":
        return f"takes the same time as {told.baseline}"
    times = f"times the time of {told.baseline}"
    if row["verdict"] == "undecided":
        return f"takes {interval} {times}, which is not decided"
    return f"takes {units.times(row['ratio'])} {times} ({interval})"


def _all(total: int) -> str:
    return "both" if total == 2 else f"all {total}"


def _counted(cases: Mapping[str, pd.DataFrame], verdict: str) -> tuple[int, int]:
    """Count the cases with a verdict, and all; a case that several sweeps share counts once."""
    each = _each_once(pd.concat(cases.values()))
    return int((each["verdict"] == verdict).sum()), len(each)


def _each_once(cases: pd.DataFrame) -> pd.DataFrame:
    return cases.drop_duplicates([*GEOMETRY, "groups", "direction", "macs"])


def _where(cases: Mapping[str, pd.DataFrame], verdict: str) -> str:
    """Name the places of all sweeps with a verdict, both directions at once where they agree."""
    by_direction = {
        direction: places
        for direction in directions(pd.concat(cases.values()))
        if (places := _places(cases, direction, verdict))
    }
    known = directions(pd.concat(cases.values()))
    if len(known) > 1 and len(by_direction) == len(known) and len(set(by_direction.values())) == 1:
        return f"{by_direction[known[0]]}, {' and '.join(known)}"
    return "; ".join(
        f"{places}, {direction}" if len(known) > 1 else places
        for direction, places in by_direction.items()
    )


def _places(cases: Mapping[str, pd.DataFrame], direction: str, verdict: str) -> str:
    found = [_place(name, of_direction(group, direction), verdict) for name, group in cases.items()]
    found = [place for place in found if place]
    return words.listed(found) if found else ""


def _place(sweep: str, cases: pd.DataFrame, verdict: str) -> str:
    """Name the places of one sweep and direction with a verdict; empty where there is none."""
    values = words.in_order(cases["axis_value"])
    chosen = set(cases.loc[cases["verdict"] == verdict, "axis_value"])
    marked = [value in chosen for value in values]
    if not chosen:
        return ""
    if any(isinstance(value, str) for value in values):
        return _named(sweep, [words.value(value) for value in values if value in chosen], values)
    names = [words.value(value) for value in values if value in chosen]
    first = marked.index(True)
    is_whole = len(names) > MOST_NAMES and all(marked[first : first + len(names)])
    text = f"{names[0]} to {names[-1]}" if is_whole else words.listed(names)
    return words.at(str(cases["axis"].iloc[0]), text)


def _named(sweep: str, names: list[str], values: list[Any]) -> str:
    title = words.sweep_title(sweep).lower()
    if len(names) == len(values):
        return f"in all cases of {title}"
    if len(names) <= MOST_NAMES:
        return f"at {words.listed(names)} ({title})"
    return f"in {len(names)} of {len(values)} cases of {title}"
