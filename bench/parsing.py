"""Arguments of command lines to values, for every command that takes a case."""

from typing import Any, get_type_hints

from bench.cases import Case
from reports.sources.case import DIRECTIONS, Direction


def parse_case(text: str) -> tuple[Case, tuple[Direction, ...]]:
    """Read a case from the command line.

    Args:
        text: KEY=VALUE,... with fields of `Case`; the others are those of the base case.

    Returns:
        The case, and the directions asked for: both, unless `text` names one.

    Raises:
        ValueError: if there is no such key, or a value is out of range.

    Example:
        >>> case, directions = parse_case("kernel_size=3,height=56,width=56")
        >>> case.kernel_size, case.shape, directions
        (3, (8, 56, 56, 64), ('forward', 'training'))
    """
    types = get_type_hints(Case)
    given: dict[str, Any] = {}
    for item in text.split(","):
        key, separator, value = (part.strip() for part in item.partition("="))
        if not separator or key not in types or key in given:
            raise ValueError(
                f"a case is KEY=VALUE,... with each KEY once, one of {', '.join(types)}. "
                f"Received: {item.strip()!r} in {text!r}"
            )
        given[key] = value if types[key] is not int else _integer(key, value)
    case = Case(**given)
    return case, (case.direction,) if "direction" in given else DIRECTIONS


def _integer(key: str, value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise ValueError(f"`{key}` must be an integer. Received: {key}={value!r}") from None
