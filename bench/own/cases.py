"""Cases of the user's own: from the words of a command line to what is measured."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bench.cases import Case
from bench.operators import ALL_OPERATORS, OPERATORS, Operator
from bench.own.memory import check_operator
from bench.parsing import KEYS, parse_case, parse_value, with_changes
from bench.sweeps import BASE, Contest, ListedSweep, competitors
from reports.sources.case import DIRECTIONS, Direction, by_sides

AXES = tuple(name for name in KEYS if name != "direction")
# How the name of a case says what differs from the base case, besides height and width.
WORDS = {
    "channels": "{} channels",
    "kernel_size": "K{}",
    "strides": "stride {}",
    "dilation_rate": "dilation {}",
    "padding": "{}",
    "groups": "{} groups",
    "batch": "batch {}",
    "dtype": "{}",
}
# The sweep that cases given one by one make.
CASES = "cases"


def contests(
    cases: Sequence[str], axes: Sequence[str], operators: Sequence[Operator] = OPERATORS
) -> list[Contest]:
    """Plan the cases of a user's own.

    Args:
        cases: each KEY=VALUE,... with fields of `Case`; with axes at most one, their base case.
        axes: each KEY=VALUE,VALUE,... with a field of `Case`.
        operators: who competes, the baseline first.

    Returns:
        One sweep of all cases, or one for each axis.

    Raises:
        ValueError: if a case or an axis is none, or does not fit into memory.

    Example:
        >>> [contest] = contests([], ["channels=32,64"])
        >>> [(case.channels, case.direction) for case in contest.sweep.cases("default")]
        [(32, 'forward'), (32, 'training'), (64, 'forward'), (64, 'training')]
    """
    if axes and len(cases) > 1:
        raise ValueError(
            f"--axis varies one case: expected at most one --case. Received: {len(cases)}"
        )
    if axes:
        base, directions = parse_case(cases[0]) if cases else (BASE, DIRECTIONS)
        sweeps = [_along(text, base, directions) for text in axes]
    else:
        sweeps = [_listed(cases)]
    for sweep in sweeps:
        for case in sweep.listed:
            baseline, *_ = competitors(operators, case)
            check_operator(baseline.operator, baseline.case, _named(case))
    return [Contest(sweep, operators) for sweep in sweeps]


def kept(names: Sequence[str], operators: Sequence[Operator]) -> tuple[Operator, ...]:
    """Keep the baseline and the operators of some names.

    Args:
        names: of operators, as they are in the names of benchmarks.
        operators: those to choose from, the baseline first.

    Example:
        >>> kept(["involution-fused"], ALL_OPERATORS)
        (convolution, involution-fused)
    """
    return (operators[0], *(each for each in operators[1:] if repr(each) in names))


def checked_operators(names: Iterable[str]) -> list[str]:
    """Return names of operators, each once.

    Args:
        names: as they are in the names of benchmarks.

    Raises:
        ValueError: if there is no such operator.
    """
    known = [repr(operator) for operator in ALL_OPERATORS]
    found = list(dict.fromkeys(names))
    for name in found:
        if name not in known:
            raise ValueError(
                f"--operators: expected names among {', '.join(known)}. Received: {name!r}"
            )
    return found


def _listed(cases: Sequence[str]) -> ListedSweep:
    found: dict[Case, int | str] = {}
    for text in cases:
        case, directions = parse_case(text)
        for direction in directions:
            found[replace(case, direction=direction)] = _named(case)
    return ListedSweep(CASES, "label", found)


def _named(case: Case) -> str:
    """Name a case by what tells it from the base case."""
    is_of_base_size = (case.height, case.width) == (BASE.height, BASE.width)
    parts = ["" if is_of_base_size else f"{case.height}x{case.width}"]
    parts += [
        words.format(by_sides(getattr(case, name)))
        for name, words in WORDS.items()
        if getattr(case, name) != getattr(BASE, name)
    ]
    return ", ".join(filter(None, parts)) or "base case"


def _along(text: str, base: Case, directions: Sequence[Direction]) -> ListedSweep:
    """Read an axis: KEY=VALUE,VALUE,..."""
    key, separator, values = (part.strip() for part in text.partition("="))
    words = [word.strip() for word in values.split(",")]
    if not separator or key not in AXES or not all(words):
        raise ValueError(
            f"an axis is KEY=VALUE,VALUE,... with KEY one of {', '.join(AXES)}. Received: {text!r}"
        )
    found: dict[Case, int | str] = {}
    for word in words:
        value = parse_value(key, word)
        for direction in directions:
            case = with_changes(base, {key: value, "direction": direction})
            found[case] = by_sides(value)
    return ListedSweep(key, key, found)
