"""The words that results of every kind use for a case, each set declared once."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from reports.sources.validation import LARGEST_COUNT, Expected

Direction = Literal["forward", "training"]
Executor = Literal["eager", "graph", "xla"]
Dtype = Literal["float16", "bfloat16", "float32", "float64"]
Padding = Annotated[
    Literal["same", "valid"] | Annotated[int, Field(ge=1, le=LARGEST_COUNT)],
    Expected("same, valid or an integer of at least 1"),
]
# The same along both dimensions, or rows and columns.
Sides = Annotated[
    Annotated[int, Field(ge=1, le=LARGEST_COUNT)]
    | Annotated[str, Field(pattern=r"^[1-9]\d{0,8}x[1-9]\d{0,8}$")],
    Expected('an integer of at least 1, or two of them as "3x7"'),
]

DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
DTYPES: tuple[Dtype, ...] = get_args(Dtype)

# The geometry that a case and its baseline share; their groups may differ.
GEOMETRY = (
    *("batch", "height", "width", "channels", "filters"),
    *("kernel_size", "strides", "dilation_rate", "padding", "dtype"),
)


def by_sides(value: int | str | tuple[int, int]) -> int | str:
    """Write the size of a window as a record holds it.

    Args:
        value: the same along both dimensions, or (vertical, horizontal); a word stays.

    Example:
        >>> by_sides(7), by_sides((3, 7))
        (7, '3x7')
    """
    return "x".join(map(str, value)) if isinstance(value, tuple) else value
