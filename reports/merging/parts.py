"""The parts of a plan: read, and checked to be all of one plan, each once, measured alike."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.merging.errors import UnlikePartsError
from reports.sources.files import UnreadableError, showable_string, shown_path
from reports.sources.validation import excerpt
from reports.sweeps import load
from reports.sweeps.document import ResultsFile, Shard, checked_document
from reports.text import identity, words

LONGEST = 100
# The one setting in which parts differ.
OF_A_SHARD = "shard"


@dataclass(frozen=True)
class PlanPart:
    """A results file of one shard.

    Attributes:
        name: its path, as a terminal can show it.
        document: its content as it was read.
        content: the same, checked.
        shard: which part it is, and of what.
    """

    name: str
    document: Mapping[str, Any]
    content: ResultsFile
    shard: Shard

    @property
    def place(self) -> str:
        """Which shard it is, as the option `--shard` has it."""
        return f"{self.shard.number}/{self.shard.count}"

    @property
    def fullnames(self) -> list[str]:
        """The test ids of the cases that it has measured."""
        return [str(entry.get("fullname")) for entry in self.content.benchmarks]


def read(paths: Sequence[Path]) -> list[PlanPart]:
    """Read the parts of a plan.

    Args:
        paths: results files, in any order.

    Returns:
        The parts in the order of the shards; all of one plan, each once, and measured alike.

    Raises:
        UnlikePartsError: if they are not that.
    """
    parts = [_part(path) for path in paths]
    first = min(parts, key=lambda part: part.shard.number)
    for part in parts:
        _check_alike(first, part)
    parts.sort(key=lambda part: part.shard.number)
    _check_each_once(parts)
    for part in parts:
        _check_whole(part)
    _check_cases(parts)
    return parts


def _part(path: Path) -> PlanPart:
    name = shown_path(path)
    try:
        document = load.document_of(path)
        content = checked_document(document)
        problems = load.from_document(document, name).problems
    except UnreadableError as error:
        raise UnlikePartsError(f"{name}: {error}") from error
    if infinite := next(_not_finite(document), ""):
        raise UnlikePartsError(f"{name}: expected finite numbers. Received: {infinite}")
    if problems:
        raise UnlikePartsError("\n".join(f"{file}: {reason}" for file, reason in problems))
    if content.shard is None:
        raise UnlikePartsError(
            f"{name}: expected a part of a plan, which `pytest bench --shard i/n` of this version "
            "writes. Received: a whole run, or a part that does not say what its plan was"
        )
    assert isinstance(document, Mapping)  # as `checked_document` says
    return PlanPart(name, document, content, content.shard)


def _not_finite(value: object, path: str = "") -> Iterator[str]:
    """Find the numbers of parsed JSON that no JSON may hold, although parsers take them."""
    if isinstance(value, float) and not math.isfinite(value):
        yield f"{value} at {showable_string(path)}"
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _not_finite(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _not_finite(item, f"{path}[{place}]")


def _check_alike(first: PlanPart, other: PlanPart) -> None:
    """Refuse parts of different plans, options, commits, machines or software."""
    expected, received = _identity(first), _identity(other)
    for subject, values in expected.items():
        for key in sorted({*values, *received[subject]}):
            ours, theirs = values.get(key), received[subject].get(key)
            if ours != theirs:
                raise UnlikePartsError(
                    f"{other.name} differs from {first.name} in {subject}, "
                    f"{showable_string(key)}. "
                    f"Expected {excerpt(ours, LONGEST)}. Received: {excerpt(theirs, LONGEST)}"
                )


def _identity(part: PlanPart) -> dict[str, dict[str, object]]:
    """What must be equal for the parts to be of one run, by subject and key."""
    content, suite = part.content, part.document["suite"]
    return {
        "its options": {key: value for key, value in suite.items() if key != OF_A_SHARD},
        "its plan": {
            "number of shards": part.shard.count,
            **{f"case {place}": name for place, name in enumerate(part.shard.plan, start=1)},
        },
        "its model": content.model.model_dump() if content.model else {},
        "its commit": {key: content.commit_info.get(key) for key in ("id", "dirty")},
        "its hardware": identity.hardware(content.machine_info),
        "its software": {
            **identity.software(content.machine_info),
            "pytest-benchmark": content.version,
        },
    }


def _check_each_once(parts: Sequence[PlanPart]) -> None:
    by_place: dict[str, str] = {}
    for part in parts:
        if part.place in by_place:
            raise UnlikePartsError(
                f"{by_place[part.place]} and {part.name} are both shard {part.place}: expected one"
            )
        by_place[part.place] = part.name
    count = parts[0].shard.count
    places = [f"{number}/{count}" for number in range(1, count + 1)]
    missing = [place for place in places if place not in by_place]
    # Of a plan with fewer cases than parts some are empty, and have no file.
    if missing and sum(part.shard.cases for part in parts) < len(parts[0].shard.plan):
        noun, verb = ("shard", "is") if len(missing) == 1 else ("shards", "are")
        raise UnlikePartsError(f"{noun} {words.listed(missing)} {verb} missing")


def _check_whole(part: PlanPart) -> None:
    found = len(part.content.benchmarks) + len(part.content.unmeasured)
    if found != part.shard.cases:
        raise UnlikePartsError(
            f"{part.name}: shard {part.place} is not complete: expected {part.shard.cases} cases. "
            f"Received: {found}. The command that began it measures the others with --resume"
        )


def _check_cases(parts: Sequence[PlanPart]) -> None:
    """Refuse cases that no plan has, and those that two parts have."""
    plan, places = set(parts[0].shard.plan), dict[str, str]()
    for part in parts:
        for fullname in part.fullnames:
            if fullname not in plan:
                raise UnlikePartsError(f"{part.name}: {excerpt(fullname, LONGEST)} is not planned")
            if fullname in places:
                raise UnlikePartsError(
                    f"{places[fullname]} and {part.name} both hold {excerpt(fullname, LONGEST)}"
                )
            places[fullname] = part.name
    expected, received = len(plan), sum(part.shard.cases for part in parts)
    if expected != received:
        raise UnlikePartsError(
            f"the parts are not all of the plan: expected {expected} cases. Received: {received}"
        )
