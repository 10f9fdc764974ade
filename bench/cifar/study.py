"""A study: the settings, data and machine that all its runs share, in one folder."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pytest_benchmark.utils import get_commit_info

from bench.cifar.data import Dataset
from bench.cifar.store import FORMAT, write_arrays, write_json
from bench.cifar.training import SHOWN, Settings
from bench.session.machine import machine_info

# Training images in the figure of the data: 5 x 5.
SAMPLE = 25
# What must not change on the way for times and results of runs to be compared.
SAME_MACHINE = ("processor", "cores", "accelerators", "tensorflow", "keras", "onednn")


class StudyError(ValueError):
    """A folder that holds another study; the message says what to do."""


def begin(
    folder: Path,
    models: Sequence[str],
    seeds: int,
    settings: Settings,
    data: Dataset,
    replicas: int,
    existing: dict[str, Any] | None,
) -> list[str]:
    """Write what all runs of a study share, or check that it is as before.

    Args:
        folder: of the results.
        models: names of models.
        seeds: how many seeds.
        settings: what all runs have in common.
        data: the images.
        replicas: devices that train together.
        existing: the content of the folder's cifar.json, None if it has none.

    Returns:
        Notes for the records of runs trained from here on.

    Raises:
        StudyError: if the folder holds a study with other settings or images.
    """
    common = {**asdict(settings), "optimizer": "Adam", "replicas": replicas}
    machine = machine_info()
    document = {
        "format": FORMAT,
        "datetime": datetime.now(UTC).isoformat(timespec="seconds"),
        "settings": {"models": list(models), "seeds": seeds, **common},
        "data": {
            "dataset": data.name,
            "source": data.source,
            "notes": list(data.notes),
            "training_images": len(data.train_images),
            "test_images": len(data.test_images),
            "classes": list(data.classes),
            "sha256": data.fingerprint,
        },
        "machine_info": machine,
        "commit_info": get_commit_info(),
    }
    notes = []
    if existing:
        _check_same(folder, existing, document)
        known = existing["settings"]
        document["settings"]["models"] = list(dict.fromkeys([*known["models"], *models]))
        document["settings"]["seeds"] = max(known["seeds"], seeds)
        before, now = _identity(existing["machine_info"]), _identity(machine)
        changed = [key for key in SAME_MACHINE if before[key] != now[key]]
        if changed:
            notes.append(f"Trained in part with other {', '.join(changed)} than the study began")
        document |= {key: existing[key] for key in ("datetime", "machine_info", "commit_info")}
    write_arrays(
        folder / "images.npz",
        {
            "sample_images": data.train_images[:SAMPLE],
            "sample_labels": data.train_labels[:SAMPLE],
            "tested_images": data.test_images[:SHOWN],
            "tested_labels": data.test_labels[:SHOWN],
        },
    )
    write_json(folder / "cifar.json", document)
    return notes


def _identity(machine: dict[str, Any]) -> dict[str, Any]:
    """Pick what identifies a machine; the clock of its processor, for one, is never the same."""
    cpu = machine.get("cpu")
    name = cpu.get("brand_raw") if isinstance(cpu, dict) else None
    return {**{key: machine.get(key) for key in SAME_MACHINE}, "processor": name}


def _check_same(folder: Path, existing: dict[str, Any], document: dict[str, Any]) -> None:
    """Refuse to mix runs that cannot be compared."""
    before, now = existing["settings"], document["settings"]
    differing = [
        f"{key}={before.get(key)!r} (received {now[key]!r})"
        for key in ("batch", "learning_rate", "augment", "optimizer", "replicas")
        if before.get(key) != now[key]
    ]
    if before["epochs"] > now["epochs"]:
        differing.append(f"epochs={before['epochs']} (received {now['epochs']})")
    if existing["data"].get("sha256") != document["data"]["sha256"]:
        differing.append("other images")
    if differing:
        raise StudyError(
            f"{folder} holds a study with {', '.join(differing)}. "
            "Go on with the same options, or give another folder: --output FOLDER"
        )
