"""The top level of a results file, each key declared once."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ValidationError, model_validator

from reports.sources.files import UnreadableError, showable
from reports.sources.validation import (
    LARGEST_COUNT,
    Count,
    Expected,
    Schema,
    Size,
    Text,
    Texts,
    checked,
    excerpt,
    key,
)
from reports.sweeps.model.description import ModelDescription
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


def _valid_model(value: object) -> object:
    """Leave out a description with a fault; `faults_of_model` says which."""
    try:
        return ModelDescription.model_validate(value)
    except ValidationError:
        return None


def faults_of_model(document: object) -> list[str]:
    """Say why the description of a model was left out.

    Args:
        document: parsed JSON of a results file.

    Returns:
        One sentence for each key at fault; none where there is no description, or a good one.
    """
    value = document.get("model") if isinstance(document, Mapping) else None
    if value is None:
        return []
    try:
        checked(ModelDescription, value)
    except UnreadableError as error:
        return [f"model left out: {error}"]
    return []


def _list(value: object) -> object:
    return [] if value is None else value


# Metadata must not make the records unreadable: a value of another type counts as missing.
AnyObject = Annotated[dict[str, Any], BeforeValidator(_mapping), Expected("an object")]
AnyString = Annotated[Text, BeforeValidator(_string), Expected("a string")]
Numbers = Annotated[
    dict[str, float], BeforeValidator(_numbers), Expected("an object of numbers of at least 0")
]
AnyModel = Annotated[
    ModelDescription | None,
    BeforeValidator(_valid_model),
    Expected("an object with the keys of a model, or null"),
]
AnyList = Annotated[list[Any], BeforeValidator(_list), Expected("a list")]


class Suite(Schema):
    """What the run was asked for."""

    format: Literal[1, 2] = key("Version of the records' schema.")
    sweep_size: AnyString = key("`quick`, `default` or `full`.", default="")


class Shard(Schema):
    """Which part of a plan a file holds, and what the plan is."""

    number: Size = key("Which of the parts it is, from 1.")
    count: Size = key("How many parts the plan has.")
    cases: Count = key("How many benchmarks this part has, measured or not.")
    plan: Texts = key("The test ids of all parts, in order.")

    @model_validator(mode="after")
    def _number_is_among_the_parts(self) -> Self:
        if self.number > self.count:
            raise ValueError(f"number: expected at most {self.count}. Received: {self.number}")
        return self


def _valid_shard(value: object) -> object:
    """Leave out a description with a fault: the records of the file are valid without it."""
    try:
        return Shard.model_validate(value)
    except ValidationError:
        return None


AnyShard = Annotated[
    Shard | None,
    BeforeValidator(_valid_shard),
    Expected("an object with the keys of a shard, or null"),
]


class ResultsFile(Schema):
    """The JSON file that `pytest bench --benchmark-only` writes.

    It is a file of pytest-benchmark, with `suite`, `model`, `conditions` and `unmeasured` added.
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
        "What was measured of the machine before the run: `load`, the cores that other programs "
        "kept busy; the peaks `peak_flops` in FLOPs/s and `peak_bandwidth` in B/s, with "
        "`peak_product_size`, rows of the product, and `peak_copy_bytes`, the size of the copy; "
        "and `last_cache_bytes`.",
        default_factory=dict,
    )
    spent: Numbers = key(
        "Seconds that the run spent, by purpose: compilation, checks, warm-up, rounds, memory and "
        "FLOPs.",
        default_factory=dict,
    )
    model: AnyModel = key(
        "The model whose layers were measured; null in a run of other cases.", default=None
    )
    shard: AnyShard = key(
        "Which part of a plan it is, of a run with `--shard`; null for a whole plan.", default=None
    )
    comparison: AnyString = key(
        "What two files share that `python -m bench.compare` wrote: their processes of the same "
        "number alternated. Empty in any other file.",
        default="",
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


def spent_together(spent: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Add up what several runs spent their time on.

    Args:
        spent: of each run, seconds by purpose.

    Example:
        >>> spent_together([{"rounds": 1.0}, {"rounds": 2.0, "checks": 0.5}])
        {'rounds': 3.0, 'checks': 0.5}
    """
    purposes = dict.fromkeys(purpose for each in spent for purpose in each)
    return {purpose: sum(each.get(purpose, 0.0) for each in spent) for purpose in purposes}
