"""A study: the settings, data and machine that all its runs share, in one folder."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from bench.cifar.data import Dataset
from bench.cifar.settings import Settings
from bench.cifar.store import write_arrays
from bench.cifar.training import SHOWN
from bench.cluster import kinds
from bench.commit import commit_info
from reports.cifar.record import (
    FORMAT,
    FORMAT_1,
    FORMATS,
    IMAGES,
    MARKER,
    StudyData,
    StudyRecord,
    StudySettings,
)
from reports.sources.files import UnreadableError, read_json, shown_path
from reports.sources.validation import check_format, checked
from reports.sources.writing import write_json

# Training images in the figure of the data: 5 x 5.
SAMPLE = 25
# What must stay the same for times and results of runs to be comparable.
SAME_MACHINE = (
    *("processor", "cores", "accelerators", "tensorflow", "keras", "onednn"),
    *("threads", "flags"),
)
SAME_SETTINGS = ("batch", "learning_rate", "augment", "optimizer", "replicas")


class StudyError(ValueError):
    """A folder that holds another study; the message says what to do."""


def existing(folder: Path) -> StudyRecord | None:
    """Read the study that a folder holds.

    Args:
        folder: of the results.

    Returns:
        What its runs have in common; None if the folder holds no study.

    Raises:
        StudyError: if it cannot be resumed.
    """
    if folder.exists() and not folder.is_dir():
        raise StudyError(f"cannot write {shown_path(folder)}: it is a file; expected a folder")
    path = folder / MARKER
    if not path.exists():
        return None
    try:
        return _resumable(read_json(path, "give another folder"))
    except UnreadableError as error:
        raise StudyError(
            f"{shown_path(path)} cannot be resumed ({error}); give another folder: --output FOLDER"
        ) from None


def _resumable(document: object) -> StudyRecord:
    # Runs of both formats in one study would mix two meanings of `parameters`.
    if check_format(document, known=FORMATS) != FORMAT:
        raise UnreadableError(FORMAT_1)
    return checked(StudyRecord, document)


def begin(
    folder: Path,
    *,
    models: Sequence[str],
    seeds: int,
    settings: Settings,
    data: Dataset,
    replicas: int,
    machine: Mapping[str, Any],
    before: StudyRecord | None,
) -> list[str]:
    """Write what all runs of a study share, or check that it is as before.

    Args:
        folder: of the results.
        models: names of models.
        seeds: how many seeds.
        settings: what all runs have in common.
        data: the images.
        replicas: devices that train together.
        machine: where they are, as `machine_info` describes it.
        before: what `existing` found in the folder.

    Returns:
        Notes for the runs that are trained from here on.

    Raises:
        StudyError: if the folder holds a study with other settings or images.
    """
    study = StudyRecord(
        format=FORMAT,
        datetime=datetime.now(UTC).isoformat(timespec="seconds"),
        settings=StudySettings(
            models=list(models),
            seeds=seeds,
            **asdict(settings),
            optimizer="Adam",
            replicas=replicas,
        ),
        data=_described(data),
        machine_info=dict(machine),
        commit_info=commit_info(),
    )
    notes = []
    if before:
        _check_same(folder, before, study)
        notes = changes(before.machine_info, study.machine_info)
        study = _resumed(before, study)
    images: dict[str, NDArray[Any]] = {
        "sample_images": data.train_images[:SAMPLE],
        "sample_labels": data.train_labels[:SAMPLE],
        "tested_images": data.test_images[:SHOWN],
        "tested_labels": data.test_labels[:SHOWN],
    }
    write_arrays(folder / IMAGES, images)
    write_json(folder / MARKER, study.model_dump(mode="json"))
    return notes


def _described(data: Dataset) -> StudyData:
    return StudyData(
        dataset=data.name,
        source=data.source,
        notes=list(data.notes),
        training_images=len(data.train_images),
        test_images=len(data.test_images),
        classes=list(data.classes),
        sha256=data.fingerprint,
    )


def _resumed(before: StudyRecord, now: StudyRecord) -> StudyRecord:
    """Add the models and seeds of now to a study that was begun before."""
    models = [*(before.settings.models or []), *(now.settings.models or [])]
    settings = {
        "models": list(dict.fromkeys(models)),
        "seeds": max(before.settings.seeds or 0, now.settings.seeds or 0),
    }
    return now.model_copy(
        update={
            "settings": now.settings.model_copy(update=settings),
            "datetime": before.datetime,
            "machine_info": before.machine_info,
            "commit_info": before.commit_info,
        }
    )


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Note what changed of the machine since the study began.

    Args:
        before: the machine then.
        now: the machine now.

    Returns:
        A note for runs that are trained now; none where nothing changed.
    """
    first, second = _identity(before), _identity(now)
    changed = [key for key in SAME_MACHINE if first[key] != second[key]]
    if not changed:
        return []
    return [f"Trained in part with other {', '.join(changed)} than the study began"]


def _identity(machine: Mapping[str, Any]) -> dict[str, Any]:
    """Pick what identifies a machine; the clock of its processor, for one, is never the same."""
    cpu = machine.get("cpu")
    name = cpu.get("brand_raw") if isinstance(cpu, dict) else None
    compared = kinds.comparable(machine)
    return {**{key: compared.get(key) for key in SAME_MACHINE}, "processor": name}


def _check_same(folder: Path, before: StudyRecord, now: StudyRecord) -> None:
    """Refuse to mix runs that cannot be compared."""
    old, new = before.settings, now.settings
    differing = [
        f"{key}={getattr(old, key)!r} (received {getattr(new, key)!r})"
        for key in SAME_SETTINGS
        if getattr(old, key) != getattr(new, key)
    ]
    if old.epochs is None or new.epochs is None or old.epochs > new.epochs:
        differing.append(f"epochs={old.epochs} (received {new.epochs})")
    if before.data.sha256 != now.data.sha256:
        differing.append("other images")
    if differing:
        raise StudyError(
            f"{shown_path(folder)} holds a study with {', '.join(differing)}. "
            "Give the same options to resume it, or another folder: --output FOLDER"
        )
