"""The top level of a results file, each key declared once."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from reports.sources.files import UnreadableError, showable
from reports.sources.validation import (
    LARGEST_COUNT,
    Expected,
    Schema,
    Text,
    checked,
    excerpt,
    key,
)
from reports.sweeps.record import FORMAT

# The formats that can be read: `upgrade.py` turns the older ones into the newest.
FORMATS = (1, FORMAT)


def _mapping(value: object) -> object:
    """Replace a value that is no object, or that is nested too deeply, by an empty object."""
    try:
        return showable(value) if isinstance(value, dict) else {}
    except UnreadableError:
        return {}


def _string(value: object) -> object:
    return "" if value is None else str(value)


def _numbers(value: object) -> object:
    """Keep the entries that are numbers a measurement can give."""
    found = value if isinstance(value, dict) else {}
    return {
        str(name): float(number)
        for name, number in found.items()
        if type(number) in (int, float) and 0 <= number < LARGEST_COUNT
    }


def _list(value: object) -> object:
    return [] if value is None else value


# Metadata must not make the records unreadable: a value of another type counts as missing.
AnyObject = Annotated[dict[str, Any], BeforeValidator(_mapping), Expected("an object")]
AnyString = Annotated[Text, BeforeValidator(_string), Expected("a string")]
Numbers = Annotated[
    dict[str, float], BeforeValidator(_numbers), Expected("an object of numbers of at least 0")
]
AnyList = Annotated[list[Any], BeforeValidator(_list), Expected("a list")]


class Suite(Schema):
    """What the run was asked for."""

    format: Literal[1, 2] = key("Version of the records' schema.")
    sweep_size: AnyString = key("`quick`, `default` or `full`.", default="")


class ResultsFile(Schema):
    """The JSON file that `pytest bench --benchmark-only` writes.

    It is a file of pytest-benchmark, with `suite`, `conditions` and `unmeasured` added.
    """

    suite: Suite = key("What the run was asked for.")
    benchmarks: Annotated[list[Any], Expected("a list")] = key(
        "One entry per benchmark: `fullname`, the record in `extra_info`, and the time of each "
        "round in `stats.data`."
    )
    unmeasured: AnyList = key(
        "Records of the cases that could not be measured, with the reason in `notes`.",
        default_factory=list,
    )
    conditions: Numbers = key(
        "What was measured of the machine: `load` before the run, the peaks `peak_flops` in "
        "FLOPs/s and `peak_bandwidth` in B/s.",
        default_factory=dict,
    )
    spent: Numbers = key(
        "Seconds that the run spent, by purpose: compilation, checks, warm-up, rounds, memory and "
        "FLOPs.",
        default_factory=dict,
    )
    machine_info: AnyObject = key("The machine and its software.", default_factory=dict)
    commit_info: AnyObject = key("The commit that was measured.", default_factory=dict)
    datetime: AnyString = key("When the run ended, in ISO 8601.", default="")
    version: AnyString = key("The version of pytest-benchmark.", default="")


def checked_document(document: object) -> ResultsFile:
    """Check the top of a results file; its records are checked one by one later.

    Args:
        document: parsed JSON.

    Raises:
        UnreadableError: if it is no run of this benchmark; the message says what was expected
            and what came.
    """
    expected = "expected a run of this benchmark, with `benchmarks` and `suite`"
    if not isinstance(document, Mapping):
        raise UnreadableError(f"{expected}. Received: {excerpt(document)}")
    suite = document.get("suite")
    if not isinstance(suite, Mapping) or not isinstance(document.get("benchmarks"), list):
        keys = excerpt(", ".join(map(str, document)), 100) if document else "none"
        raise UnreadableError(f"{expected}. Received the keys: {keys}")
    found = suite.get("format")
    if found not in FORMATS or isinstance(found, bool):
        known = " or ".join(map(str, FORMATS))
        raise UnreadableError(
            f"unknown format: expected suite.format={known}. Received: {excerpt(found)}"
        )
    return checked(ResultsFile, document)
