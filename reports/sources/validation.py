"""Schemas of files: each key declared once, with its type, unit and meaning.

From such a declaration come the check of what is read, the value that is written, the columns of
a table, the documentation and the JSON Schema.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from reports.sources.files import UnreadableError, showable_string

# 64-bit integers are the widest that a typed column holds.
LARGEST_COUNT = 2**63 - 1
# Wider than any clock and any patience; ratios of durations within these bounds stay finite.
LEAST_SECONDS, MOST_SECONDS = 1e-12, 1e9


@dataclass(frozen=True)
class Expected:
    """What a value must be, in the words of an error message."""

    words: str


Text = Annotated[str, AfterValidator(showable_string), Expected("a string")]
Texts = Annotated[
    list[Annotated[str, AfterValidator(showable_string)]], Expected("a list of strings")
]
Flag = Annotated[bool, Expected("true or false")]
Count = Annotated[int, Field(ge=0, le=LARGEST_COUNT), Expected("an integer of at least 0")]
Size = Annotated[int, Field(ge=1, le=LARGEST_COUNT), Expected("an integer of at least 1")]
Duration = Annotated[
    float, Field(ge=LEAST_SECONDS, le=MOST_SECONDS), Expected("a number of seconds above 0")
]
Durations = Annotated[
    list[Annotated[float, Field(ge=LEAST_SECONDS, le=MOST_SECONDS)]],
    Field(min_length=1),
    Expected("a list of numbers of seconds above 0"),
]


class Schema(BaseModel):
    """A JSON object with declared keys; keys that are not declared are ignored when read."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", allow_inf_nan=False)


AnySchema = TypeVar("AnySchema", bound=Schema)


def key(meaning: str, unit: str = "", **constraints: Any) -> Any:
    """Declare a key of a schema.

    Args:
        meaning: one sentence for the documentation.
        unit: its SI unit, empty for strings and plain counts.
        **constraints: as for `pydantic.Field`, such as a default.

    Returns:
        The field, for the right side of the declaration.
    """
    return Field(
        description=meaning, json_schema_extra={"unit": unit} if unit else None, **constraints
    )


def added_key(meaning: str, unit: str = "") -> Any:
    """Declare a key that older files of the same format lack: it is null there.

    Args:
        meaning: one sentence for the documentation.
        unit: its SI unit, empty for strings and plain counts.

    Returns:
        The field, for the right side of a declaration whose type has null.
    """
    return key(meaning, unit, default=None)


def checked(schema: type[AnySchema], document: object) -> AnySchema:
    """Check a JSON object.

    Args:
        schema: its declaration.
        document: parsed JSON.

    Returns:
        The object.

    Raises:
        UnreadableError: if it does not fit; the message names each key with what was expected
            and what came.

    Example:
        >>> class Images(Schema):
        ...     n: Size = key("How many.")
        >>> checked(Images, {"n": 0})
        Traceback (most recent call last):
        ...
        reports.sources.files.UnreadableError: n: expected an integer of at least 1. Received: 0
    """
    try:
        return schema.model_validate(document)
    except ValidationError as error:
        raise UnreadableError("; ".join(faults(schema, document, error))) from None


def faults(schema: type[Schema], document: object, error: ValidationError) -> list[str]:
    """Say what is wrong with an object, one sentence for each key.

    Args:
        schema: its declaration.
        document: what was checked.
        error: what the check raised.
    """
    if not isinstance(document, Mapping):
        return [f"expected an object. Received: {excerpt(document)}"]
    found = [
        _fault(schema, document, each["loc"]) if each["loc"] else _unplaced(each)
        for each in sorted(error.errors(), key=lambda each: not each["loc"])
    ]
    # A list with many wrong items is one fault of its key.
    return list(dict.fromkeys(found))


def _unplaced(error: Mapping[str, Any]) -> str:
    """Say what is wrong with an object as a whole: what a validator found, or a key's letters."""
    return str(error["ctx"]["error"] if "ctx" in error else f"in a key: {error['msg']}")


def _fault(
    schema: type[Schema], document: object, location: Sequence[int | str], above: str = ""
) -> str:
    """Follow a location down to the innermost key that a schema declares."""
    name, *rest = location
    field, path = schema.model_fields[str(name)], f"{above}{name}"
    words = expected(schema, str(name))
    if not isinstance(document, Mapping) or name not in document:
        return f"{path}: missing, expected {words}"
    value, within = document[str(name)], _schemas(field.annotation)
    if within and rest and isinstance(rest[0], int):  # an object in a list
        index, words = rest.pop(0), "an object"
        path, value = f"{path}[{index}]", value[index]
    if len(within) > 1 and rest:  # the tag that says which of several schemas it is
        tag = rest.pop(0)
        within = [each for each in within if tag in _tags(each)]
    if within and rest:
        return _fault(within[0], value, rest, f"{path}.")
    received = "null" if value is None else excerpt(value)
    return f"{path}: expected {words}. Received: {received}"


def _schemas(annotation: Any) -> list[type[Schema]]:
    """Find the schemas that an annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, Schema):
        return [annotation]
    return [schema for part in get_args(annotation) for schema in _schemas(part)]


def _tags(schema: type[Schema]) -> set[object]:
    return {tag for field in schema.model_fields.values() for tag in get_args(field.annotation)}


def check_format(document: object, known: Sequence[int]) -> int:
    """Check the number of a file's format, before the keys that depend on it.

    Args:
        document: parsed JSON.
        known: the formats that can be read.

    Returns:
        The format.

    Raises:
        UnreadableError: if the document is no object, or of another format.

    Example:
        >>> check_format({"format": 1}, known=(1, 2))
        1
    """
    if not isinstance(document, Mapping):
        raise UnreadableError(f"expected an object. Received: {excerpt(document)}")
    number = document.get("format")
    if type(number) is not int or number not in known:
        received = excerpt(number) if "format" in document else "nothing"
        raise UnreadableError(
            f"unknown format: expected format={' or '.join(map(str, known))}. Received: {received}"
        )
    return number


def expected(schema: type[Schema], name: str) -> str:
    """Say what the value of a key must be.

    Args:
        schema: the declaration.
        name: the key.
    """
    field = schema.model_fields[name]
    return _words((field.annotation, *field.metadata))


def _words(parts: tuple[Any, ...]) -> str:
    for part in parts:
        if isinstance(part, Expected):
            return part.words
    annotation = parts[0]
    if get_origin(annotation) is Literal:
        values = ", ".join(map(str, get_args(annotation)))
        return f"one of {values}" if len(get_args(annotation)) > 1 else values
    if isinstance(annotation, type) and issubclass(annotation, Schema):
        return "an object"
    choices = get_args(annotation)
    words = [_words(_unfolded(choice)) for choice in choices if choice is not NoneType]
    return " or ".join(words + ["null"] * (NoneType in choices))


def _unfolded(annotation: Any) -> tuple[Any, ...]:
    """Take the metadata out of an `Annotated` type."""
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        return (inner, *metadata)
    return (annotation,)


def documentation(schema: type[Schema]) -> str:
    """Write the keys of a schema as a Markdown table: key, type, unit, meaning.

    Args:
        schema: the declaration.
    """
    rows = [
        f"| `{name}` | {expected(schema, name)} | {unit_of(field.json_schema_extra)} "
        f"| {field.description} |"
        for name, field in schema.model_fields.items()
    ]
    return "\n".join(["| key | type | unit | meaning |", "| --- | --- | --- | --- |", *rows])


def unit_of(extra: Any) -> str:
    """Return the unit of a key.

    Args:
        extra: `json_schema_extra` of the key's field.
    """
    return str(extra["unit"]) if extra else ""


def excerpt(value: object, longest: int = 60) -> str:
    """Show a value in an error message, shortened.

    Example:
        >>> excerpt("a" * 100, longest=12)
        "'aaaaaaaa..."
    """
    try:
        shown = repr(value)
    except RecursionError:
        return "a value that is nested too deeply"
    return shown if len(shown) <= longest else shown[: longest - 3] + "..."
