"""How each model looks in every figure of a study: warm colours are involution."""

from collections.abc import Sequence

from reports.cifar.record import OperatorName
from reports.cifar.statistics import Summary
from reports.drawing.figure import Swatch
from reports.drawing.palette import (
    BLUE,
    GREEN,
    OLIVE,
    ORANGE,
    PURPLE,
    SKY_BLUE,
    VERMILION,
)

LOOKS: dict[OperatorName, tuple[tuple[str, str], ...]] = {
    "convolution": ((BLUE, "o"), (SKY_BLUE, "s"), (GREEN, "v")),
    "involution": ((VERMILION, "D"), (ORANGE, "^"), (PURPLE, "P"), (OLIVE, "X")),
}


def swatches(found: Sequence[Summary]) -> dict[str, Swatch]:
    """Give each model its colour and shape, by its place among those of its operator.

    Args:
        found: of `statistics.summaries`.

    Returns:
        Swatches by the name of the model.
    """
    chosen: dict[str, Swatch] = {}
    seen = dict.fromkeys(LOOKS, 0)
    for summary in found:
        looks = LOOKS[summary.operator]
        colour, marker = looks[seen[summary.operator] % len(looks)]
        seen[summary.operator] += 1
        chosen[summary.model] = Swatch(summary.model, colour, marker)
    return chosen
