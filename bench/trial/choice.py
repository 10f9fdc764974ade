"""Which layers of a model involution replaces, and with which kernel size."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import pandas as pd

from bench.cases import Sides
from bench.own.layers import LayerUse
from bench.parsing import parse_value
from reports.sources.case import DIRECTIONS, Direction, by_sides
from reports.sweeps.model.description import LAYERS

# What is favoured, and in which directions a layer's verdict then decides.
FAVOURED: Mapping[str, tuple[Direction, ...]] = {
    "forward": ("forward",),
    "training": ("training",),
    "both": DIRECTIONS,
}
FASTER = "faster"


@dataclass(frozen=True)
class Wish:
    """What the user asks for.

    Attributes:
        paths: the layers that are replaced whatever was measured; None for those where involution
            is faster.
        kernel_size: of each involution; None for the faster of those that were measured.
        directions: in which involution must be faster.
    """

    paths: Collection[str] | None = None
    kernel_size: Sides | None = None
    directions: Sequence[Direction] = DIRECTIONS


def chosen(uses: Sequence[LayerUse], judged: pd.DataFrame, wish: Wish) -> dict[str, Sides]:
    """Choose the layers that involution replaces.

    Args:
        uses: the convolutions of the model.
        judged: the judged records of its layers, or a table without rows.
        wish: what the user asks for.

    Returns:
        The kernel size by path of the layer, in order of the model. A layer that the user names is
        replaced with its own kernel size where nothing was measured in its place.
    """
    sizes: dict[str, list[Sides | None]] = {}
    for use in uses:
        size = _size(use, judged, wish)
        for name in use.names:
            if wish.paths is None or name in wish.paths:
                sizes.setdefault(name, []).append(size)
    # A layer that is called with inputs of several sizes is replaced if all of them agree.
    return {
        name: found[0]
        for name, found in sizes.items()
        if found[0] is not None and len(set(found)) == 1
    }


def _size(use: LayerUse, judged: pd.DataFrame, wish: Wish) -> Sides | None:
    """Return the kernel size of the involution in the place of a layer, None to keep it."""
    if use.reason is not None:
        return None
    if wish.paths is not None and wish.kernel_size is not None:
        return wish.kernel_size
    measured = _measured(use.label, judged, wish.directions)
    if wish.kernel_size is not None:
        measured = measured[measured["kernel_size"] == by_sides(wish.kernel_size)]
    if wish.paths is None:
        measured = measured[measured["is_faster"]]
    elif measured.empty:
        return _sides("x".join(map(str, use.kernel_size)))
    if measured.empty:
        return None
    return _sides(str(measured.sort_values("ratio")["kernel_size"].iloc[0]))


def _measured(label: str, judged: pd.DataFrame, directions: Sequence[Direction]) -> pd.DataFrame:
    """Return a row for each kernel size that was measured in all directions that decide.

    The ratio is the product over these directions: neither counts more than the other.
    """
    rows = judged[
        (judged["sweep"] == LAYERS)
        & (judged["axis_value"] == label)
        & (judged["operator"] == "involution")
        & judged["direction"].isin(directions)
    ]
    found = [
        (size, prod(group["ratio"]), bool((group["verdict"] == FASTER).all()))
        for size, group in rows.groupby("kernel_size", sort=False)
        if set(group["direction"]) == {*directions}
    ]
    columns = ["kernel_size", "ratio", "is_faster"]
    table = pd.DataFrame(found, columns=columns)
    return table.astype({"kernel_size": object, "is_faster": bool})


def _sides(text: str) -> Sides:
    """Read a kernel size as a record holds it."""
    value = parse_value("kernel_size", text)
    if isinstance(value, tuple) and value[0] == value[1]:
        return value[0]
    assert not isinstance(value, str)
    return value
