"""How each model looks in every figure of a study: warm colours are involution."""

from collections.abc import Sequence

from reports.cifar.record import OperatorName
from reports.cifar.statistics import Summary
from reports.drawing.palette import Swatch

# Okabe and Ito's set, told apart by colour-blind readers; shapes tell them apart in print.
LOOKS: dict[OperatorName, tuple[tuple[str, str], ...]] = {
    "convolution": (("#0072B2", "o"), ("#56B4E9", "s"), ("#009E73", "v")),
    "involution": (("#D55E00", "D"), ("#E69F00", "^"), ("#CC79A7", "P"), ("#8A8A00", "X")),
}


def swatches(found: Sequence[Summary]) -> dict[str, Swatch]:
    """Give each model its colour and shape, by its place among those of its operator."""
    chosen: dict[str, Swatch] = {}
    seen = dict.fromkeys(LOOKS, 0)
    for summary in found:
        looks = LOOKS[summary.operator]
        colour, marker = looks[seen[summary.operator] % len(looks)]
        seen[summary.operator] += 1
        chosen[summary.model] = Swatch(summary.model, colour, marker)
    return chosen
