"""A folder of `python -m bench.cifar` to a checked study."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.cifar.record import (
    FORMATS,
    IMAGES,
    KERNELS,
    MARKER,
    RUN,
    Floats,
    StudyRecord,
    TrainingRun,
)
from reports.sources.arrays import read_arrays
from reports.sources.files import UnreadableError, read_json, showable, shown_path
from reports.sources.kind import Source
from reports.sources.validation import check_format, checked
from reports.text.machine import hardware, origin

NAME = "cifar"
HINT = "run `python -m bench.cifar` first to make one"

# Images (count, height, width, channels) and their labels.
Labelled = tuple[NDArray[np.uint8], NDArray[np.int64]]


@dataclass(frozen=True)
class Study:
    """All that one folder holds.

    Attributes:
        record: what all runs have in common.
        runs: in the order of models and seeds.
        kernel_maps: of the involution layers, by model and seed of a run: one array per layer,
            (images, height, width), the sum of each kernel.
        sample: images (25, height, width, 3) of the training set and their labels.
        tested: images (10, height, width, 3) of the test set, whose kernels are shown.
    """

    record: StudyRecord
    runs: list[TrainingRun]
    kernel_maps: Mapping[tuple[str, int], Mapping[str, Floats]] = field(default_factory=dict)
    sample: Labelled | None = None
    tested: Labelled | None = None


def recognises(path: Path) -> bool:
    """Say whether a path is a folder of this kind."""
    return (path / MARKER).is_file()


def read(path: Path) -> Source:
    """Read a folder of `python -m bench.cifar`; what is wrong with one run stops no other.

    Args:
        path: a folder that holds `MARKER`.

    Returns:
        A folder whose content is a `Study`.

    Raises:
        UnreadableError: if it holds no valid run of a known format.
    """
    record = _record(path / MARKER)
    runs, maps, problems = [], {}, []
    for file in sorted(path.glob(f"*/seed-*/{RUN}"), key=_natural):
        try:
            run = _run(file, record.format)
            maps[run.model, run.seed] = _kernel_maps(file.with_name(KERNELS))
            runs.append(run)
        except UnreadableError as error:
            problems.append((shown_path(file), str(error)))
    if not runs:
        reasons = "".join(f"; {file}: {reason}" for file, reason in problems)
        raise UnreadableError(f"holds no run yet; resume it with `python -m bench.cifar`{reasons}")
    order = record.settings.models or []
    runs.sort(key=lambda run: order.index(run.model) if run.model in order else len(order))
    study = Study(record, runs, maps, **_images(path / IMAGES, problems))
    return Source(
        kind=NAME,
        path=shown_path(path),
        name=shown_path(path.name),
        origin=origin(record.machine_info, record.datetime),
        hardware=hardware(record.machine_info),
        content=study,
        problems=problems,
    )


def _natural(file: Path) -> tuple[str, int]:
    seed = file.parent.name.removeprefix("seed-")
    return file.parts[-3], int(seed) if seed.isdecimal() else -1


def _record(file: Path) -> StudyRecord:
    document = showable(read_json(file, HINT))
    try:
        check_format(document, known=FORMATS)
        return checked(StudyRecord, document)
    except UnreadableError as error:
        raise UnreadableError(f"{file.name}: {error}") from None


def _run(file: Path, format_of_study: int) -> TrainingRun:
    document = showable(read_json(file, HINT))
    check_format(document, known=(format_of_study,))
    run = checked(TrainingRun, document)
    if not run.epochs:
        raise UnreadableError("no epoch is done yet")
    return run


def _arrays(file: Path) -> dict[str, NDArray[Any]]:
    """Read plain arrays; a missing file holds none."""
    if not file.is_file():
        return {}
    try:
        return read_arrays(file)
    except UnreadableError as error:
        raise UnreadableError(f"{file.name}: {error}") from None


def _kernel_maps(file: Path) -> Mapping[str, Floats]:
    maps = _arrays(file)
    if any(values.ndim != 3 or values.dtype.kind != "f" for values in maps.values()):
        shapes = {name: (values.shape, str(values.dtype)) for name, values in maps.items()}
        raise UnreadableError(
            f"{file.name}: expected arrays of floats, (images, height, width). Received: {shapes}"
        )
    return maps


def _images(file: Path, problems: list[tuple[str, str]]) -> dict[str, Labelled]:
    """Read the images of the figures; without them the page has no such figures."""
    try:
        found = _arrays(file)
        return {
            name: _labelled(name, found[f"{name}_images"], found[f"{name}_labels"])
            for name in ("sample", "tested")
            if f"{name}_images" in found and f"{name}_labels" in found
        }
    except UnreadableError as error:
        problems.append((shown_path(file), str(error)))
        return {}


def _labelled(name: str, images: NDArray[Any], labels: NDArray[Any]) -> Labelled:
    if images.ndim != 4 or images.dtype != np.uint8 or labels.shape != images.shape[:1]:
        raise UnreadableError(
            f"{name}: expected uint8 images (count, height, width, channels), each with a label. "
            f"Received: {images.dtype} {images.shape}, {labels.shape} labels"
        )
    return images, labels
