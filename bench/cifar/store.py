"""What training leaves on disk; every file is written whole or not at all.

cifar.json              settings, data set, machine and commit
images.npz              25 training images, and the ten test images of the kernel maps
MODEL/seed-N/run.json   what is known of one run; says which epochs are done
MODEL/seed-N/epoch-E.keras   the model after epoch E, from which training goes on
MODEL/seed-N/model.keras     the trained model
MODEL/seed-N/kernels.npz     kernel maps of its involution layers
"""

import json
import math
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

# 1: the keys of `Record` in run.json, and those of `study.Study` in cifar.json.
FORMAT = 1
METRICS = ("loss", "accuracy", "val_loss", "val_accuracy")


@dataclass
class Record:
    """What is known of one run: one model trained from one seed.

    Attributes:
        model: the model's name.
        seed: sets weights, order and augmentation.
        operator: "convolution" or "involution".
        baseline: the convolutional model that this one is compared with, if any.
        comparison: what the two have in common.
        parameters: all weights, trainable or not.
        state: "stopped" until all is done, then "finished", or "diverged".
        history: one value an epoch for each of `METRICS`.
        epoch_seconds: training time of each epoch, validation not included.
        compiled_epochs: numbers of the epochs whose time includes compilation.
        input_seconds: time to make the batches of one epoch while nothing is trained.
        notes: what else a reader should know.
    """

    model: str
    seed: int
    operator: str
    baseline: str | None
    comparison: str
    parameters: int
    state: str = "stopped"
    history: dict[str, list[float]] = field(default_factory=lambda: {m: [] for m in METRICS})
    epoch_seconds: list[float] = field(default_factory=list)
    compiled_epochs: list[int] = field(default_factory=list)
    input_seconds: float | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def epochs(self) -> int:
        """How many epochs are done."""
        return len(self.epoch_seconds)


class Store:
    """The folder of one run.

    Args:
        folder: made when something is written.
        writable: whether this process writes; of several workers only the first does.
    """

    def __init__(self, folder: Path, writable: bool = True):
        self.folder = folder
        self.writable = writable

    @property
    def trained(self) -> Path:
        """Where the trained model lies."""
        return self.folder / "model.keras"

    def read(self) -> Record | None:
        """Return what is known of the run; None if it was never begun.

        Raises:
            ValueError: if the file is no record of this format.
        """
        path = self.folder / "run.json"
        if not path.exists():
            return None
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content.pop("format") != FORMAT:
                raise ValueError(f"expected format {FORMAT}")
            record = Record(**content)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ValueError(
                f"{path}: no record of this program ({error}); move it away to train anew"
            ) from None
        record.history = {
            name: [math.nan if value is None else value for value in values]
            for name, values in record.history.items()
        }
        return record

    def write(self, record: Record) -> None:
        """Keep what is known of the run."""
        history = {name: list(map(_finite, values)) for name, values in record.history.items()}
        if self.writable:
            write_json(
                self.folder / "run.json",
                {"format": FORMAT, **asdict(record), "history": history},
            )

    def checkpoint(self, epoch: int) -> Path:
        """Return where the model is kept after so many epochs."""
        return self.folder / f"epoch-{epoch}.keras"

    def latest(self, record: Record) -> Path | None:
        """Return the model after the epochs of a record; None if it has none yet.

        Raises:
            ValueError: if the file is missing.
        """
        if not record.epochs:
            return None
        for path in (self.checkpoint(record.epochs), self.trained):
            if path.exists():
                return path
        raise ValueError(
            f"{self.folder}: run.json tells of {record.epochs} epochs, but the model after them "
            "is missing; move the folder away to train anew"
        )

    def save(self, model: Any, record: Record) -> None:
        """Keep a model after an epoch together with its record, which names the epoch.

        The older model is removed last: whenever a process is killed, the record on disk and
        the model that it names are both there.
        """
        # Reading a distributed variable can take all workers: each saves, one of them for good.
        if self.writable:
            whole(self.checkpoint(record.epochs), model.save, suffix=".keras")
        else:
            with tempfile.TemporaryDirectory() as folder:
                model.save(Path(folder, "model.keras"))
        self.write(record)
        self._remove_checkpoints(but=record.epochs)

    def finish(self, record: Record, kernel_maps: dict[str, Any]) -> None:
        """Keep the trained model and its kernel maps, and say that the run is finished."""
        record.state = "finished"
        if not self.writable:
            return
        if kernel_maps:
            write_arrays(self.folder / "kernels.npz", kernel_maps)
        last = self.checkpoint(record.epochs)
        if last.exists():
            last.replace(self.trained)
        self.write(record)
        self._remove_checkpoints()

    def _remove_checkpoints(self, but: int | None = None) -> None:
        if not self.writable:
            return
        if but is not None:  # training goes on after it was finished
            self.trained.unlink(missing_ok=True)
        for path in self.folder.glob("epoch-*.keras"):
            if but is None or path != self.checkpoint(but):
                path.unlink()


def whole(path: Path, write: Callable[[Path], object], suffix: str = "") -> None:
    """Write beside the target and rename.

    Args:
        path: the target; its folder is made if missing.
        write: writes to the path that it is given.
        suffix: how that path must end.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".draft-", suffix=suffix)
    os.close(handle)
    draft = Path(name)
    try:
        write(draft)
        # A temporary file is private to its owner; results have the usual permissions.
        mask = os.umask(0)
        os.umask(mask)
        draft.chmod(0o666 & ~mask)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON file, whole or not at all."""
    text = json.dumps(content, indent=1, allow_nan=False) + "\n"
    whole(path, lambda draft: draft.write_text(text, encoding="utf-8"))


def write_arrays(path: Path, arrays: dict[str, Any]) -> None:
    """Write an .npz file, whole or not at all."""
    whole(path, lambda draft: np.savez_compressed(draft, **arrays), suffix=".npz")


def _finite(value: float) -> float | None:
    """JSON has no NaN: null stands for it."""
    return value if math.isfinite(value) else None
