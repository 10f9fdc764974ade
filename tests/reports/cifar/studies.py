"""A builder of synthetic CIFAR studies with planted truths."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from reports.cifar.record import (
    FORMAT,
    IMAGES,
    KERNELS,
    MARKER,
    RUN,
    History,
    StudyData,
    StudyRecord,
    StudySettings,
    TrainingRun,
)

PARAMETERS = {"tutorial_cnn": 319_178, "tutorial_inn": 13_074}
OPERATORS = {"tutorial_cnn": "convolution", "tutorial_inn": "involution"}


def run(model: str = "tutorial_cnn", seed: int = 0, final: float = 0.7, **changes: Any) -> dict:
    """One run.json whose test accuracy climbs to `final`; `changes` need not be valid."""
    climb = [0.6 * final, 0.8 * final, 0.9 * final, final]
    made = TrainingRun(
        format=FORMAT,
        model=model,
        seed=seed,
        state="finished",
        parameters=PARAMETERS.get(model, 1000),
        operator=OPERATORS.get(model, "convolution"),
        baseline=None if model == "tutorial_cnn" else "tutorial_cnn",
        comparison="" if model == "tutorial_cnn" else "the tutorial's pair",
        history=History(
            loss=[1.0 - value for value in climb],
            accuracy=[value + 0.1 for value in climb],
            val_loss=[1.2 - value for value in climb],
            val_accuracy=climb,
        ),
        epoch_seconds=[12.0, 10.0, 10.5, 10.2],
        compiled_epochs=[0],
        input_seconds=0.1,
        notes=[],
    )
    return {**made.model_dump(mode="json"), **changes}


def write(folder: Path, runs: list[dict] | None = None, **top: Any) -> Path:
    """Write a study; the tutorial's pair over three seeds unless told otherwise."""
    if runs is None:
        runs = [run("tutorial_cnn", seed, 0.70 + 0.01 * seed) for seed in range(3)]
        runs += [run("tutorial_inn", seed, 0.40 + 0.05 * seed) for seed in range(3)]
    made = StudyRecord(
        format=FORMAT,
        datetime="2026-01-02T03:04:05+00:00",
        settings=StudySettings(models=["tutorial_cnn", "tutorial_inn"], epochs=4, batch=256),
        data=StudyData(dataset="cifar10", source="somewhere", classes=list("abcdefghij")),
        machine_info={"cpu": {"brand_raw": "Example CPU 2.0"}, "cores": 2},
        commit_info={"id": "0123456789abcdef", "dirty": False},
    )
    document = {**made.model_dump(mode="json", exclude_unset=True), **top}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text(json.dumps(document))
    images = np.random.default_rng(0).integers(0, 256, (35, 32, 32, 3), dtype=np.uint8)
    labels = np.arange(35) % 10
    np.savez(
        folder / IMAGES,
        sample_images=images[:25],
        sample_labels=labels[:25],
        tested_images=images[25:],
        tested_labels=labels[25:],
    )
    for record in runs:
        target = folder / str(record.get("model")) / f"seed-{record.get('seed')}"
        target.mkdir(parents=True)
        (target / RUN).write_text(json.dumps(record))
        if record.get("operator") == "involution":
            maps = np.random.default_rng(1).normal(size=(10, 16, 16)).astype("float32")
            np.savez(target / KERNELS, involution=maps, involution_1=maps[:, ::2, ::2])
    return folder
