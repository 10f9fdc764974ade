"""What changed between two runs, in words: for a terminal and for the page."""

from collections.abc import Mapping
from typing import Any

from reports.sweeps.comparison import CHANGES, Comparison, changed
from reports.sweeps.tables import rows
from reports.text import units
from reports.text.table import Table


def in_words(comparison: Comparison) -> str:
    """Write what changed, for a terminal.

    Args:
        comparison: of `compare`.

    Returns:
        One line per case that changed or could not be compared, and a count of all.
    """
    lines = [
        f"The runs differ in more than code: {difference}" for difference in comparison.differences
    ]
    if comparison.only_after:
        counted = units.counted(len(comparison.only_after), "case")
        lines.append(f"Only in the newer run: {counted}, the first {comparison.only_after[0]}")
    lines += [f"not compared: {name}: {reason}" for name, reason in comparison.unjudged]
    lines += [
        f"{case['verdict']}: {case['fullname']}: {values(case)}"
        for case in rows(changed(comparison))
    ]
    counts = comparison.cases["verdict"].value_counts()
    total = ", ".join(f"{counts[change]} {change}" for change in CHANGES if change in counts)
    lines.append(
        f"Compared {units.counted(len(comparison.cases), 'case')}, changes beyond "
        f"{comparison.threshold * 100:g} %: {total or 'none in common'}."
    )
    return "\n".join(lines)


def values(case: Mapping[str, Any]) -> str:
    """Write a case's values in both runs and the change with its interval.

    Args:
        case: a row of `Comparison.cases`.
    """
    span = units.bracket(case["low"], case["high"])
    if case["quantity"] == "ratio":
        ends = f"ratio {units.ratio(case['before'])} -> {units.ratio(case['after'])}"
    else:
        ends = " -> ".join(units.quantity(case[key], units.SECONDS) for key in ("before", "after"))
        ends += ", which drifts with the machine"
    return f"{ends}; {units.times(case['change'])} times as long ({span})"


def table(comparison: Comparison) -> Table:
    """Lay out the cases that changed.

    Args:
        comparison: of `compare`.
    """
    counts = comparison.cases["verdict"].value_counts()
    return Table(
        caption=f"{units.counted(len(comparison.cases), 'case')} that both runs measured; "
        f"a change counts beyond {comparison.threshold * 100:g} %: "
        + ", ".join(f"{counts.get(name, 0)} {name}" for name in CHANGES)
        + ".",
        head=["Test", "Verdict", "Before, after and change"],
        rows=[
            [case["fullname"], case["verdict"], values(case)] for case in rows(changed(comparison))
        ],
    )
