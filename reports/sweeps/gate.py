"""A gate: the exit status that a comparison deserves, and the reason in words."""

from reports.sweeps.comparison import Comparison
from reports.text import units

# 2 is that of wrong usage.
PASSED, SLOWER, NOT_COMPARABLE = 0, 1, 3


def judge(comparison: Comparison, *, allow_missing: bool) -> tuple[int, str]:
    """Decide whether a gate closes.

    Args:
        comparison: of `compare`.
        allow_missing: whether records that could not be compared may pass.

    Returns:
        The exit status, and why the gate closes; nothing if it does not.
    """
    slower = [
        units.counted(len(found), noun)
        for found, noun in (
            (comparison.slower, "record"),
            (comparison.slower_operators, "operator"),
        )
        if len(found)
    ]
    if slower:
        return SLOWER, f"{' and '.join(slower)} became slower."
    if comparison.gated.empty:
        return NOT_COMPARABLE, "No record of an operator can be compared: nothing was compared."
    if comparison.unjudged and not allow_missing:
        count = units.counted(len(comparison.unjudged), "record")
        return NOT_COMPARABLE, f"Not compared: {count}; --allow-missing lets them pass."
    return PASSED, ""
