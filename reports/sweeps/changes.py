"""What changed between two runs, in words: for a terminal and for the page."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from reports.sweeps.comparison import Comparison, changed
from reports.sweeps.estimates import Scatter
from reports.sweeps.significance import CHANGES, FALSE_DISCOVERIES, POWER
from reports.sweeps.tables import rows
from reports.text import units, words
from reports.text.table import Table

# Records that are named because a change of theirs is hardest to find.
LEAST_SENSITIVE = 3
# Records in the table of the page: each takes a quarter of a kilobyte.
MOST_CASES = 500
# Lines for records on a terminal.
MOST_LINES = 40

RULE = (
    "A record is slower, or faster, if its change is significant and its estimate is beyond "
    "{threshold}. It is unchanged if its whole interval is within {threshold}, and undecided "
    "otherwise. Significance is judged for the records of all operators together (Benjamini and "
    "Hochberg): of what is called changed at most {false:.0f} % is expected to be chance, and of "
    "comparisons in which nothing has changed at most {false:.0f} % call any record so. An "
    "operator is the mean of all its cases in one direction; the same rule judges the operators as "
    "a family of their own, and so it does baselines and twins, which fail no gate. Each interval "
    "holds its own change with 95 % certainty."
)
PROCESSES = (
    "The scatter between processes ({before} in the older run, {after} in the newer) says how far "
    "two runs of the same code differ; each record's is moderated by that of all."
)
PAIRS = (
    "The processes of both sides were measured in pairs, {before} of them. The scatter of the "
    "changes between the pairs says how far two processes of the same code differ; each record's "
    "is moderated by that of all."
)
ONE_PROCESS = (
    "How far two runs of the same code differ is estimated from the scatter of all records, since "
    "not both runs have several processes: sweeps with --processes 3 find smaller changes."
)
BASES: dict[Scatter, str] = {"pairs": PAIRS, "processes": PROCESSES, "rounds": ONE_PROCESS}
DRIFT = (
    "Between the runs the ratios of the other operators moved by at least {drift}, more than that "
    "explains: the machine was in another state. As much is added to the uncertainty of each "
    "change. python -m bench.compare measures two revisions alternately, in the same states."
)
BLIND = (
    "No record is decided: these runs are too few to see {threshold}. More processes, --processes, "
    "see smaller changes."
)

GATE = (
    "The ratio to the baseline is compared: a change of the machine as a whole cancels. The "
    "baseline itself is compared in seconds; it and its twin fail no gate. Records of several "
    "sweeps that hold the same rounds count once. Detectable: the slowdown that would have been "
    f"found with a probability of {100 * POWER:.0f} %, were it the only one."
)


def in_words(comparison: Comparison) -> str:
    """Write what changed, for a terminal.

    Args:
        comparison: of `compare`.

    Returns:
        One line per operator and record that changed, and per record that could not be compared;
        the counts of all, and what could have been found.
    """
    return "\n".join(_lines(comparison))


def _lines(comparison: Comparison) -> Iterator[str]:
    for difference in comparison.differences:
        yield f"The runs differ in more than code: {difference}"
    if comparison.only_after:
        counted = units.counted(len(comparison.only_after), "record")
        yield f"Only in the newer run: {counted}, the first {comparison.only_after[0]}"
    for name, reason in comparison.unjudged:
        yield f"not compared: {name}: {reason}"
    for each in rows(changed(comparison.operators)):
        yield f"{each['verdict']}: {_of_operator(each)}"
    for case in rows(changed(comparison.cases)):
        yield f"{case['verdict']}: {case['fullname']}: {values(case)}"
    yield basis(comparison)
    if sensitivity := sensitivity_in_words(comparison):
        yield sensitivity
    yield compared_in_words(comparison)
    if len(comparison.cases) and set(comparison.cases["verdict"]) == {"undecided"}:
        yield BLIND.format(threshold=_threshold(comparison))


def compared_in_words(comparison: Comparison) -> str:
    """Say how many records and operators were compared, and count the verdicts.

    Args:
        comparison: of `compare`.
    """
    return (
        f"Compared {units.counted(len(comparison.cases), 'record')}, changes beyond "
        f"{_threshold(comparison)}: {counts(comparison.cases) or 'none in common'}."
        f"{_counts_of_operators(comparison)}"
    )


def _counts_of_operators(comparison: Comparison) -> str:
    """Count the verdicts on operators, as a sentence that follows another."""
    if comparison.operators.empty:
        return ""
    return f" Operators, as the mean of their cases: {counts(comparison.operators)}."


def _of_operator(operator: Mapping[str, Any]) -> str:
    name = words.series(operator["operator"], operator["implementation"])
    cases = units.counted(operator["cases"], "case")
    return f"{name}, {operator['direction']}, mean of {cases}: {_times(operator)}"


def basis(comparison: Comparison) -> str:
    """Say where the uncertainty of the changes comes from.

    Args:
        comparison: of `compare`.
    """
    before, after = comparison.processes
    scatter = BASES[comparison.scatter].format(before=before, after=after)
    if not comparison.drift:
        return scatter
    return f"{scatter} {DRIFT.format(drift=_percent(comparison.drift))}"


def rule(comparison: Comparison) -> str:
    """Say when a record counts as slower, in plain words.

    Args:
        comparison: of `compare`.
    """
    return RULE.format(threshold=_threshold(comparison), false=100 * FALSE_DISCOVERIES)


def sensitivity_in_words(comparison: Comparison) -> str:
    """Name the slowdown that would typically have been found, and the least sensitive records.

    Args:
        comparison: of `compare`.

    Returns:
        A sentence or two; nothing if no record was tested.
    """
    tested = comparison.gated.dropna(subset="detectable")
    if tested.empty:
        return ""
    worst = tested.nlargest(LEAST_SENSITIVE, "detectable")
    named = "; ".join(f"{row['fullname']}, {_percent(row['detectable'])}" for row in rows(worst))
    return (
        f"A slowdown of {_percent(tested['detectable'].median())} in a single record would "
        f"typically have been found, with a probability of {100 * POWER:.0f} %. "
        f"Least sensitive: {named}."
    )


def values(case: Mapping[str, Any]) -> str:
    """Write a record's values in both runs and the change with its interval.

    Args:
        case: a row of `Comparison.cases`.
    """
    return f"{_ends(case)}; {_times(case)}"


def _ends(case: Mapping[str, Any]) -> str:
    if case["quantity"] == "ratio":
        ends = f"ratio {units.ratio(case['before'])} -> {units.ratio(case['after'])}"
    else:
        ends = " -> ".join(units.quantity(case[key], units.SECONDS) for key in ("before", "after"))
        ends += ", which drifts with the machine"
    return ends if case["role"] != "twin" else f"{ends}, a twin of the baseline"


def _times(change: Mapping[str, Any]) -> str:
    span = units.bracket(change["low"], change["high"])
    return f"{units.times(change['change'])} times as long ({span})"


def counts(table: pd.DataFrame) -> str:
    """Count the verdicts.

    Args:
        table: `Comparison.cases` or `Comparison.operators`.

    Returns:
        Such as "1 slower, 55 undecided"; nothing without rows.
    """
    found = table["verdict"].value_counts()
    return ", ".join(f"{found[change]} {change}" for change in CHANGES if change in found)


def table(comparison: Comparison) -> Table:
    """Lay out the records, those that changed first.

    Args:
        comparison: of `compare`.
    """
    cases = comparison.cases
    shown = _ordered(cases).head(MOST_CASES)
    cut = f" The first {len(shown)} are shown." if len(shown) < len(cases) else ""
    return Table(
        caption=f"{units.counted(len(cases), 'record')} that both runs measured; a change counts "
        f"beyond {_threshold(comparison)}: {counts(cases) or 'none in common'}.{cut}",
        head=["Test", "Verdict", "Change", "Detectable", "Before and after"],
        rows=[[case["fullname"], *_verdict_cells(case), _ends(case)] for case in rows(shown)],
    )


def _ordered(cases: pd.DataFrame) -> pd.DataFrame:
    """Put those that changed first, and of these the largest slowdown."""
    order = pd.Categorical(cases["verdict"], CHANGES, ordered=True)
    return cases.assign(order=order).sort_values(["order", "change"], ascending=[True, False])


def grid(comparison: Comparison) -> str:
    """Lay out the records that can fail a gate in columns, for a terminal.

    Args:
        comparison: of `compare`.

    Returns:
        A line for each, those that changed first: verdict, change with its interval, and the
        slowdown that would have been found; as many as a terminal shows, and how many more.
    """
    ordered = _ordered(comparison.gated)
    lines = [("", "verdict", "change", "95 % interval", "detectable")]
    for case in rows(ordered.head(MOST_LINES)):
        change, interval = units.ratio(case["change"]), units.bracket(case["low"], case["high"])
        name = case["fullname"].rpartition("::")[2]
        lines.append((name, case["verdict"], change, interval, _percent(case["detectable"])))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    pads = (str.ljust, str.ljust, str.rjust, str.ljust, str.rjust)
    text = [
        "  ".join(pad(cell, width) for pad, cell, width in zip(pads, line, widths, strict=True))
        for line in lines
    ]
    left = len(ordered) - MOST_LINES
    return "\n".join([*text, *([f"and {units.counted(left, 'more record')}"] if left > 0 else [])])


def operators_table(comparison: Comparison) -> Table:
    """Lay out the operators, each with the mean change of its cases.

    Args:
        comparison: of `compare`.
    """
    return Table(
        caption="The mean change of all cases of an operator in one direction.",
        head=["Operator", "Direction", "Verdict", "Change", "Detectable", "Cases"],
        rows=[
            [
                words.series(each["operator"], each["implementation"]),
                each["direction"],
                *_verdict_cells(each),
                str(each["cases"]),
            ]
            for each in rows(comparison.operators)
        ],
    )


def _verdict_cells(change: Mapping[str, Any]) -> list[str]:
    interval = units.bracket(change["low"], change["high"])
    return [
        change["verdict"],
        f"{units.ratio(change['change'])}\n{interval}",
        _percent(change["detectable"]),
    ]


def _percent(share: float) -> str:
    if not math.isfinite(share):
        return units.UNKNOWN
    return f"{units.digits(100 * share, 2)} %"


def _threshold(comparison: Comparison) -> str:
    return f"{100 * comparison.threshold:g} %"
