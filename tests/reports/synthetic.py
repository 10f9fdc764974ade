"""Synthetic cases: sizes, costs by formula, and times that look like those of a small machine."""

from typing import Any, Literal, get_args, get_origin

from reports.sources.validation import Schema

BASE = {
    "batch": 4,
    "height": 56,
    "width": 56,
    "channels": 64,
    "kernel_size": 7,
    "strides": 1,
    "groups": 4,
    "dtype": "float32",
}
AXES = {
    "resolution": ("height", [8, 16, 32, 56, 96]),
    "stride": ("strides", [1, 2, 3, 4]),
    "groups": ("groups", [1, 4, 16, 64]),
    "kernel_size": ("kernel_size", [3, 5, 7, 9, 11, 13, 15]),
}
# Sweeps that `Builder.document` leaves out unless they are asked for.
AXES_OF_OTHERS = {"models": "batch", "overhead": "batch"}
BASELINES = (("convolution", "keras"), ("convolution", "resnet50"))
# Operator, implementation and executor.
Competitor = tuple[str, str, str]
COMPETITORS: tuple[Competitor, ...] = (
    ("convolution", "keras", "graph"),
    ("depthwise convolution", "keras", "graph"),
    ("involution", "patches", "graph"),
    ("involution", "fused", "xla"),
)
GROUPED: Competitor = ("convolution", "tensorflow", "graph")
# Sizes of an operator that are the same in every case.
OWN_SIZES = {("convolution", "keras-3x3"): {"kernel_size": 3, "groups": 1}}
# Time over that of dense convolution, and what a call costs before any work: seconds.
SPEED = {
    ("convolution", "keras"): (1.0, 2e-5),
    ("depthwise convolution", "keras"): (0.065, 3e-5),
    ("involution", "patches"): (4.4, 3e-4),
    ("involution", "fused"): (0.11, 3e-4),
    ("convolution", "keras-3x3"): (1.0, 2e-5),
}


def neutral(schema: type[Schema]) -> dict[str, Any]:
    """A value for each key of a schema: null where it may be, or one that says nothing."""
    values = {int: 1, float: 1.0, bool: False, str: ""}

    def value(kind: Any) -> Any:
        if get_origin(kind) is Literal:
            return get_args(kind)[0]
        return [] if get_origin(kind) is list else values.get(kind)

    return {name: value(field.annotation) for name, field in schema.model_fields.items()}


def macs(operator: str, case: dict[str, Any]) -> int:
    """Multiply-accumulates of the operator, as the formulas of the benchmark count them."""
    channels, taps = case["channels"], case["kernel_size"] ** 2
    positions = case["batch"] * (case["height"] // case["strides"]) ** 2
    if operator == "involution":
        reduced = channels // 4
        generator = channels * reduced + reduced * taps * case["groups"]
        return positions * (generator + taps * channels)
    return positions * taps * channels * channels // case["groups"]


def parameters(operator: str, case: dict[str, Any]) -> int:
    """Weights of the operator."""
    channels, taps = case["channels"], case["kernel_size"] ** 2
    if operator == "involution":
        reduced = channels // 4
        return channels * reduced + 4 * reduced + (reduced + 1) * taps * case["groups"]
    return taps * channels * channels // case["groups"] + channels


def duration(operator: str, implementation: str, case: dict[str, Any], direction: str) -> float:
    """Seconds that look like those of a small machine."""
    speed, overhead = SPEED.get((operator, implementation), (1.0, 0.0))
    positions = case["batch"] * (case["height"] // case["strides"]) ** 2
    work = positions * case["kernel_size"] ** 2 * case["channels"] ** 2
    if operator == "convolution":
        work /= case["groups"] ** 0.5
    return (overhead + work * speed / 1e11) * (2.2 if direction == "training" else 1.0)
