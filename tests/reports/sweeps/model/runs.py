"""Runs of models whose times are planted, so that sums over their layers can be done by hand."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.reports.conftest import Builder

# Seconds of one call: the layer, involution of its kernel size, involution of kernel size 7.
Times = tuple[float, float | None, float | None]

TRAINING = 3.0


def layer(label: str, names: Iterable[str], **changes: Any) -> dict[str, Any]:
    """An entry of `model.layers`."""
    names = list(names)
    return {
        "label": label,
        "kind": "Conv2D",
        "names": names,
        "count": len(names),
        "is_measured": True,
        "reason": None,
        "instead": None,
        "parameters": 36_928,
        "macs": 1_000_000,
        **changes,
    }


def description(layers: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """`model` at the top of a results file."""
    return {
        "name": "ResNet50",
        "source": "keras.applications",
        "digest": None,
        "batch": 4,
        "height": 224,
        "width": 224,
        "channels": 3,
        "dtype": "float32",
        "parameters": 25_000_000,
        "macs": 4_000_000_000,
        "uncounted": [],
        "layers": layers,
        "replaced": [],
        **changes,
    }


def entries(
    builder: Builder,
    sweep: str,
    place: str | int,
    seconds: Mapping[tuple[str, str], float],
    directions: Iterable[str] = ("forward", "training"),
    **changes: Any,
) -> list[dict[str, Any]]:
    """The records of one measurement in both directions; the first operator is the baseline."""
    found = []
    for direction in directions:
        factor = TRAINING if direction == "training" else 1.0
        baseline: list[float] = []
        for number, ((operator, implementation), each) in enumerate(seconds.items()):
            size = 7 if implementation.endswith("-7x7") else changes.get("kernel_size", 3)
            case = {**changes, "kernel_size": size}
            entry = builder.record(sweep, operator, implementation, direction=direction, **case)
            entry["stats"]["data"] = builder.times(factor * each)
            baseline = baseline or entry["stats"]["data"]
            test = f"{sweep}[{place}-{operator}-{implementation}-{direction}]"
            entry["fullname"] = f"bench.py::{test}"
            entry["extra_info"].update(
                axis="batch" if sweep == "model" else "label",
                axis_value=place,
                label=str(place),
                measurement=f"{sweep}-{place}-{direction}",
                is_baseline=not number,
                is_twin=False,
                is_model=sweep == "model",
                baseline_seconds=baseline,
            )
            found.append(entry)
            if not number:
                found.append(_twin(builder, entry, factor * each))
    return found


def _twin(builder: Builder, entry: dict[str, Any], seconds: float) -> dict[str, Any]:
    return {
        **entry,
        "fullname": entry["fullname"].replace("]", "-twin]"),
        "stats": {"data": builder.times(seconds)},
        "extra_info": {**entry["extra_info"], "is_baseline": False, "is_twin": True},
    }


def of_layer(builder: Builder, label: str, times: Times, **changes: Any) -> list[dict[str, Any]]:
    """The records of one layer."""
    base, own, wide = times
    seconds = {("convolution", "keras-bias"): base}
    if own:
        seconds["involution", "native"] = own
    if wide:
        seconds["involution", "native-7x7"] = wide
    return entries(builder, "layers", label, seconds, **changes)


def of_model(
    builder: Builder, seconds: float, rest: float | None, trial: float | None = None, **changes: Any
) -> list[dict[str, Any]]:
    """The records of the whole model."""
    found = {("convolution", "ResNet50"): seconds}
    if rest:
        found["rest of the model", "rest"] = rest
    if trial:
        found["involution", "with-involution"] = trial
    return entries(builder, "model", 4, found, **changes)


def resnet(
    builder: Builder, *, trial: float | None = None, rest: float = 0.050, **changes: Any
) -> dict[str, Any]:
    """A model of 100 ms: a stem of 10, three layers of 10, two of 5, and 50 for the rest.

    Forward, involution takes a fifth of the time of the three layers, and twice that of the two.
    """
    stem = layer(
        "112x112x3, K7", ["conv1"], reason="it changes the channels from 3 to 64", instead=None
    )
    blocks = layer("56x56x64, K3", [f"block{number}_conv" for number in (1, 2, 3)])
    wide = layer("28x28x64, K3", ["wide_conv", "wide_conv_too"])
    points = [
        layer(
            f"56x56x64, K1, {number}",
            [f"point{number}"],
            is_measured=False,
            reason="a 1 x 1 convolution has no window",
            parameters=4_160,
        )
        for number in (1, 2)
    ]
    replaced = [{"layer": name, "kernel_size": 3} for name in blocks["names"]] if trial else []
    return builder.document(
        [
            *of_layer(builder, "112x112x3, K7", (0.010, None, None), kernel_size=7),
            *of_layer(builder, "56x56x64, K3", (0.010, 0.002, 0.004)),
            *of_layer(builder, "28x28x64, K3", (0.005, 0.010, 0.015)),
            *of_model(builder, 0.100, rest, trial),
        ],
        model=description([stem, blocks, wide, *points], replaced=replaced) | changes,
    )


# What the page tells to run for `resnet`.
COMMAND = (
    "python -m bench.trial keras.applications.ResNet50 --batch 4 --image-size 224x224 "
    "--replace 'block*_conv'"
)
