"""The index of the weights: what the package checks, and what the card states, as numbers."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.cifar.sections import last
from bench.cifar.weights.chosen import WEIGHTS
from bench.cifar.weights.files import WeightsFile
from involution.models.trained import sha256_of
from reports.cifar.statistics import Estimate

FORMAT = 1


def index(files: Sequence[WeightsFile], sample: Path, count: int) -> dict[str, Any]:
    """Describe files of weights.

    Args:
        files: of one study.
        sample: the sheet of test images on which they were tried.
        count: how many images it has.

    Returns:
        A JSON object: the data, the sample, and each file by its name.
    """
    study = files[0].model.study.record
    return {
        "format": FORMAT,
        "data": study.data.model_dump(mode="json"),
        "settings": study.settings.model_dump(mode="json", exclude={"models", "seeds"}),
        "sample": {"sha256": sha256_of(sample), "images": count},
        "files": {file.path.name: _entry(file) for file in files},
    }


def named(path: Path) -> set[str]:
    """Return which files an index names.

    Args:
        path: of the index; it need not be there.

    Returns:
        Their names; none if it is missing or no index.
    """
    try:
        return {*json.loads(path.read_text(encoding="utf-8"))["files"]}
    except (OSError, ValueError, LookupError, TypeError):
        return set()


def _entry(file: WeightsFile) -> dict[str, Any]:
    run, summary = file.model.run, file.model.summary
    return {
        "model": run.model,
        "weights": WEIGHTS,
        "sha256": file.sha256,
        "bytes": file.bytes,
        "parameters": run.parameters,
        "seed": run.seed,
        "epochs": run.epochs,
        "test_accuracy": last(file.model, "val_accuracy"),
        "seeds": [each.seed for each in summary.runs],
        "mean_test_accuracy": round(summary.accuracy.mean, 6),
        "interval": _interval(summary.accuracy),
        "sample_correct": file.correct,
    }


def _interval(accuracy: Estimate) -> list[float] | None:
    """The ends of the 95 % interval of the mean, which a single seed does not have."""
    if len(accuracy.values) < 2:
        return None
    return [round(accuracy.low, 6), round(accuracy.high, 6)]
