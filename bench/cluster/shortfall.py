"""What a task leaves unmeasured: whose fault it is, and what is tried again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NOTHING = "not measured: the process left nothing"


@dataclass(frozen=True)
class Shortfall:
    """The tests of a task that have no rounds.

    Attributes:
        failed: by test, the notes of those that ended with an error of their own.
        ended: by test, the notes of those that were at work when the process ended.
        spared: those whose turn had not come then.
    """

    failed: Mapping[str, Sequence[str]]
    ended: Mapping[str, Sequence[str]]
    spared: Sequence[str]


def shortfall(left: Sequence[str], value: Mapping[str, Any]) -> Shortfall:
    """Sort the tests that have no rounds.

    Args:
        left: their ids.
        value: what came of the task.

    Example:
        >>> value = {"unmeasured": {}, "at_work": ["b"], "fault": "killed by SIGKILL"}
        >>> found = shortfall(["b", "c"], value)
        >>> found.ended, found.spared
        ({'b': ['not measured: killed by SIGKILL']}, ['c'])
    """
    failed = {
        test: value["unmeasured"][test]["notes"] for test in left if test in value["unmeasured"]
    }
    open_ones = [test for test in left if test not in failed]
    if value["fault"] is None:
        return Shortfall({**failed, **{test: [NOTHING] for test in open_ones}}, {}, [])
    # Nobody was at work where the process ended before or after its operators: all are suspect.
    suspects = [test for test in open_ones if test in value["at_work"]] or open_ones
    why = f"not measured: {value['fault']}"
    spared = [test for test in open_ones if test not in suspects]
    return Shortfall(failed, {test: [why] for test in suspects}, spared)
