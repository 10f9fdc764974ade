"""A folder of `python -m bench.cifar` to checked runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.sources.files import UnreadableError, read_json, showable
from reports.sources.kind import Source
from reports.sweeps.schema import COUNT, SIZE, TEXT, Kind, excerpt
from reports.text.machine import description, hardware

Floats = NDArray[np.float64]

NAME = "cifar"
MARKER = "cifar.json"
HINT = "run `python -m bench.cifar` first to make one"
# Version 1: the first. Raise it when a key changes its meaning or disappears.
FORMAT = 1

STATES = ("finished", "stopped", "diverged")
OPERATORS = ("convolution", "involution")
METRICS = ("loss", "accuracy", "val_loss", "val_accuracy")
FEWEST, MOST = -1e30, 1e30


@dataclass(frozen=True)
class Run:
    """One model trained from one seed.

    Attributes:
        model: the model's name.
        seed: sets its weights, the order of the images and their augmentation.
        state: "finished", "stopped" (not all epochs are done yet) or "diverged".
        parameters: all weights of the model, trainable or not.
        operator: "convolution" or "involution".
        baseline: the convolutional model that this one is compared with; None if it is one.
        comparison: what the two have in common.
        history: one value an epoch for each of `METRICS`; NaN where training diverged.
        epoch_seconds: one a epoch, validation not included.
        compiled_epochs: numbers of the epochs whose time includes compilation.
        input_seconds: time to make the batches of an epoch while nothing trains; NaN if unknown.
        notes: what else a reader should know.
        kernel_maps: one array a layer, (images, height, width): the sum of each kernel.
    """

    model: str
    seed: int
    state: str
    parameters: int
    operator: str
    baseline: str | None
    comparison: str
    history: Mapping[str, Floats]
    epoch_seconds: Floats
    compiled_epochs: tuple[int, ...]
    input_seconds: float
    notes: tuple[str, ...] = ()
    kernel_maps: Mapping[str, Floats] = field(default_factory=dict)

    @property
    def epochs(self) -> int:
        """How many epochs are done."""
        return len(self.epoch_seconds)


@dataclass(frozen=True)
class Study:
    """All that one folder holds.

    Attributes:
        settings: what every run was trained with.
        data: the data set, where it came from and what its classes are called.
        machine_info: as in a run of the sweeps.
        commit_info: likewise.
        datetime: when the first run began.
        runs: in the order of models and seeds.
        sample: images (25, height, width, 3) of the training set and their labels.
        tested: images (10, height, width, 3) of the test set, whose kernels are shown.
    """

    settings: Mapping[str, Any]
    data: Mapping[str, Any]
    machine_info: Mapping[str, Any]
    commit_info: Mapping[str, Any]
    datetime: str
    runs: list[Run]
    sample: tuple[NDArray[np.uint8], NDArray[np.int64]] | None = None
    tested: tuple[NDArray[np.uint8], NDArray[np.int64]] | None = None


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
        UnreadableError: if it holds no sound run of this format.
    """
    top = _checked(showable(read_json(path / MARKER, HINT)))
    runs, problems = [], []
    for file in sorted(path.glob("*/seed-*/run.json"), key=_natural):
        try:
            runs.append(_run(file))
        except UnreadableError as error:
            problems.append((str(file), str(error)))
    if not runs:
        reasons = "".join(f"; {file}: {reason}" for file, reason in problems)
        raise UnreadableError(f"holds no run yet; go on with `python -m bench.cifar`{reasons}")
    order = [str(name) for name in top["settings"].get("models") or []]
    runs.sort(key=lambda run: order.index(run.model) if run.model in order else len(order))
    study = Study(
        settings=top["settings"],
        data=top["data"],
        machine_info=_mapping(top.get("machine_info")),
        commit_info=_mapping(top.get("commit_info")),
        datetime=str(top.get("datetime") or ""),
        runs=runs,
        **_images(path / "images.npz", problems),
    )
    label = description(str(path), study.machine_info, study.datetime)
    return Source(NAME, str(path), label, hardware(study.machine_info), study, problems)


def _natural(file: Path) -> tuple[str, int]:
    seed = file.parent.name.removeprefix("seed-")
    return file.parts[-3], int(seed) if seed.isdecimal() else -1


def _checked(document: object) -> Mapping[str, Any]:
    if not isinstance(document, dict):
        raise UnreadableError(f"{MARKER}: expected an object. Received: {excerpt(document)}")
    if document.get("format") != FORMAT or isinstance(document.get("format"), bool):
        raise UnreadableError(
            f"{MARKER}: unknown format: expected format={FORMAT}. "
            f"Received: {excerpt(document.get('format'))}"
        )
    for key in ("settings", "data"):
        if not isinstance(document.get(key), dict):
            raise UnreadableError(
                f"{MARKER}: {key}: expected an object. Received: {excerpt(document.get(key))}"
            )
    return document


def _number(value: object) -> bool:
    """A finite number, or null for one that was not."""
    if value is None:
        return True
    return isinstance(value, int | float) and type(value) is not bool and FEWEST < value < MOST


def _list_of(accepts: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and all(map(accepts, value))


NUMBERS = Kind("a list of numbers, null where not finite", _list_of(_number), "object")
SECONDS = Kind(
    "a list of numbers of seconds of at least 0",
    _list_of(lambda value: value is not None and _number(value) and value >= 0),  # type: ignore[operator]
    "object",
)
STATE = Kind(f"one of {', '.join(STATES)}", lambda value: value in STATES, "object")
NUMBER = Kind("a number, or null", _number, "float64")

RUN: Mapping[str, Kind] = {
    "model": TEXT,
    "seed": COUNT,
    "state": STATE,
    "parameters": SIZE,
    "operator": Kind(f"one of {', '.join(OPERATORS)}", lambda value: value in OPERATORS, "object"),
    "baseline": Kind(
        "a text, or null", lambda value: value is None or TEXT.accepts(value), "object"
    ),
    "comparison": TEXT,
    "epoch_seconds": SECONDS,
    "compiled_epochs": Kind("a list of numbers of epochs", _list_of(COUNT.accepts), "object"),
    "input_seconds": NUMBER,
    "notes": Kind("a list of texts", _list_of(TEXT.accepts), "object"),
    **{f"history.{name}": NUMBERS for name in METRICS},
}


def _run(file: Path) -> Run:
    record = _flat(showable(read_json(file, HINT)))
    faults = [
        f"{name}: expected {kind.expected}. "
        f"Received: {excerpt(record[name]) if name in record else 'nothing'}"
        for name, kind in RUN.items()
        if name not in record or not kind.accepts(record[name])
    ]
    if faults:
        raise UnreadableError("; ".join(faults))
    each_epoch = ("epoch_seconds", *(f"history.{name}" for name in METRICS))
    lengths = {name: len(record[name]) for name in each_epoch}
    if len(set(lengths.values())) > 1:
        raise UnreadableError(f"expected one value an epoch everywhere. Received: {lengths}")
    if not lengths["epoch_seconds"]:
        raise UnreadableError("no epoch is done yet")
    return Run(
        **{key: record[key] for key in ("model", "seed", "state", "parameters")},
        **{key: record[key] for key in ("operator", "baseline", "comparison")},
        history={name: _floats(record[f"history.{name}"]) for name in METRICS},
        epoch_seconds=_floats(record["epoch_seconds"]),
        compiled_epochs=tuple(record["compiled_epochs"]),
        input_seconds=float(_floats([record["input_seconds"]])[0]),
        notes=tuple(record["notes"]),
        kernel_maps=_kernel_maps(file.with_name("kernels.npz")),
    )


def _flat(document: object) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise UnreadableError(f"expected an object. Received: {excerpt(document)}")
    history = _mapping(document.get("history"))
    return {**document, **{f"history.{name}": values for name, values in history.items()}}


def _floats(values: list[float | None]) -> Floats:
    return np.asarray([np.nan if value is None else value for value in values], dtype=np.float64)


def _arrays(file: Path) -> dict[str, NDArray[Any]]:
    """Read plain arrays; a missing file holds none."""
    if not file.is_file():
        return {}
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except Exception as error:  # a zip file can be damaged in more ways than NumPy tells apart
        raise UnreadableError(f"{file.name}: no file of arrays: {error}") from None


def _kernel_maps(file: Path) -> Mapping[str, Floats]:
    maps = _arrays(file)
    if any(values.ndim != 3 or values.dtype.kind != "f" for values in maps.values()):
        shapes = {name: (values.shape, str(values.dtype)) for name, values in maps.items()}
        raise UnreadableError(
            f"{file.name}: expected arrays of floats, (images, height, width). Received: {shapes}"
        )
    return maps


def _images(file: Path, problems: list[tuple[str, str]]) -> dict[str, Any]:
    """The images for the figures; without them there is a page without those figures."""
    try:
        found = _arrays(file)
        pairs = {
            name: (found[f"{name}_images"], found[f"{name}_labels"])
            for name in ("sample", "tested")
            if f"{name}_images" in found and f"{name}_labels" in found
        }
        for name, (images, labels) in pairs.items():
            if images.ndim != 4 or images.dtype != np.uint8 or labels.shape != images.shape[:1]:
                raise UnreadableError(
                    f"{name}: expected uint8 images (count, height, width, channels), a label "
                    f"each. Received: {images.dtype} {images.shape}, {labels.shape} labels"
                )
    except UnreadableError as error:
        problems.append((str(file), str(error)))
        return {}
    return pairs


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
