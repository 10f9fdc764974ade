"""Short names of a model's convolutions, each unlike the others."""

from collections.abc import Callable, Sequence
from typing import Any

# What is added, one after the other, where names of sizes and window would be equal.
Part = Callable[[Any], str]
DETAILS: tuple[Part, ...] = (
    lambda use: f"{use.padding} padding",
    lambda use: "with a bias" if use.use_bias else "without a bias",
    lambda use: use.dtype,
    lambda use: use.data_format.replace("_", " "),
    lambda use: use.names[0],
)


def labels(uses: Sequence[Any]) -> list[str]:
    """Return a label for each use of a layer, no two of them equal.

    Args:
        uses: of the layers of one model, see `LayerUse`.

    Returns:
        Labels such as "56x56x64, 3x3" and "112x112x32, 3x3 depthwise, stride 2". Where two would be
        equal, each says what the other does not have.
    """
    found = [_label(use) for use in uses]
    for detail in DETAILS:
        for label in {each for each in found if found.count(each) > 1}:
            alike = [index for index, each in enumerate(found) if each == label]
            details = [detail(uses[index]) for index in alike]
            if len(set(details)) > 1:
                for index, text in zip(alike, details, strict=True):
                    found[index] = f"{label}, {text}"
    return found


def _label(use: Any) -> str:
    *sizes, channels = use.shape
    wider = "" if use.filters == channels else f" to {use.filters}"
    operator = use.kind.removesuffix("convolution").rstrip()
    grouped = use.groups > 1 and operator != "depthwise"
    parts = [
        f"{_product([*sizes, channels])}{wider}",
        f"{_product(use.kernel_size)} {operator}".rstrip(),
        _unless_one("stride", use.strides),
        _unless_one("dilation", use.dilation_rate),
        f"{use.groups} groups" if grouped else "",
    ]
    return ", ".join(filter(None, parts))


def _unless_one(name: str, values: Sequence[int]) -> str:
    if set(values) == {1}:
        return ""
    return f"{name} {values[0] if len(set(values)) == 1 else _product(values)}"


def _product(values: Sequence[int]) -> str:
    return "x".join(map(str, values))
