"""The results of a model's layers and those of the whole models, as one results file."""

from collections.abc import Mapping
from typing import Any

from bench.own.subject import OwnModel, described
from bench.trial.errors import TrialUsageError
from reports.sweeps.model.description import LAYERS, ModelDescription

# What is equal for the same model with images of the same number and size.
SAME = ("name", "digest", "batch", "height", "width", "channels", "dtype", "parameters", "macs")


def check_same(found: ModelDescription | None, own: OwnModel, option: str) -> None:
    """Check that results are of a model.

    Args:
        found: the description in a results file, None where it has none.
        own: the model.
        option: what the results were given by, for the error.

    Raises:
        TrialUsageError: if they are of another model, batch or size of images.
    """
    if found is None:
        raise TrialUsageError(
            f"{option}: expected results of the layers of a model. Received: results of other cases"
        )
    expected, received = described(own), found.model_dump()
    for key in SAME:
        if expected[key] != received[key]:
            raise TrialUsageError(
                f"{option}: expected results of {own.name} with {key}={expected[key]}. "
                f"Received: {received['name']} with {key}={received[key]}"
            )


def joined(layers: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """Join the results of layers and of whole models, each measured by a run of its own.

    Args:
        layers: the content of a results file with the sweep of a model's layers; any other sweep
            in it is left out.
        whole: that of the whole models, on the same machine.

    Returns:
        The content of one results file, which says when the second run ended.
    """
    return {
        **whole,
        "suite": {**whole["suite"], **_without_replaced(layers["suite"])},
        "benchmarks": [
            *(each for each in layers["benchmarks"] if each["extra_info"]["sweep"] == LAYERS),
            *whole["benchmarks"],
        ],
        "unmeasured": [
            *(each for each in layers.get("unmeasured") or [] if each["sweep"] == LAYERS),
            *(whole.get("unmeasured") or []),
        ],
        "conditions": {**whole.get("conditions", {}), **layers.get("conditions", {})},
        "spent": _sums(layers.get("spent") or {}, whole.get("spent") or {}),
    }


def _without_replaced(suite: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what an earlier trial, whose layers are taken over, had replaced."""
    return {name: value for name, value in suite.items() if name != "replaced"}


def _sums(first: Mapping[str, float], second: Mapping[str, float]) -> dict[str, float]:
    """Add seconds of the same purpose, in the order of the first."""
    return {key: first.get(key, 0.0) + second.get(key, 0.0) for key in {**first, **second}}
