"""The folder of one run; every file is written whole or not at all.

`reports/cifar/record.py` lists the files of a study.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from bench.cifar import progress
from reports.cifar.record import FORMAT, KERNELS, RUN, TrainingRun
from reports.sources.files import UnreadableError, read_json, shown_path
from reports.sources.validation import check_format, checked
from reports.sources.writing import write_json, write_whole
from reports.text import units


class Store:
    """The folder of one run.

    Args:
        folder: made when something is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def trained(self) -> Path:
        """The path of the trained model."""
        return self.folder / "model.keras"

    def read(self) -> TrainingRun | None:
        """Return what is known of the run; None if it was never begun.

        Raises:
            ValueError: if the file is no run of this format.
        """
        path = self.folder / RUN
        if not path.exists():
            return None
        try:
            document = read_json(path, "move the folder away to train again")
            check_format(document, known=(FORMAT,))
            return checked(TrainingRun, document)
        except UnreadableError as error:
            raise ValueError(
                f"{shown_path(path)}: not a run of this program ({error}); move it away to "
                "train again"
            ) from None

    def write(self, run: TrainingRun) -> None:
        """Write what is known of the run.

        Args:
            run: the run.
        """
        write_json(self.folder / RUN, run.model_dump(mode="json"))

    def checkpoint(self, epoch: int) -> Path:
        """Return the path of the model after an epoch.

        Args:
            epoch: how many epochs are done.
        """
        return self.folder / f"epoch-{epoch}.keras"

    def latest(self, run: TrainingRun) -> Path | None:
        """Return the path of the model after the epochs of a run; None before the first epoch.

        Args:
            run: the run.

        Raises:
            ValueError: if the file is missing.
        """
        if not run.epochs:
            return None
        for path in (self.checkpoint(run.epochs), self.trained):
            if path.exists():
                return path
        raise ValueError(
            f"{shown_path(self.folder)}: run.json has {units.counted(run.epochs, 'epoch')}, but "
            "the model after the last is missing; move the folder away to train again"
        )

    def load(self, run: TrainingRun) -> keras.Model | None:
        """Load the model after the epochs of a run; None before the first epoch.

        Args:
            run: the run.

        Raises:
            ValueError: if the file is missing or damaged.
        """
        path = self.latest(run)
        if path is None:
            return None
        try:
            return keras.models.load_model(path)
        except Exception as error:
            raise ValueError(
                f"{shown_path(path)}: not a model that Keras can load ({error}); move the folder "
                "away to train again"
            ) from error

    def save(self, model: keras.Model, run: TrainingRun) -> None:
        """Save a model after an epoch together with its run, which names the epoch.

        The older model is removed last: whenever a process is killed, the run on disk and the
        model that it names are both there.

        Args:
            model: the model after the last epoch of the run.
            run: the run.
        """
        write_whole(self.checkpoint(run.epochs), model.save, suffix=".keras")
        self.write(run)
        self.trained.unlink(missing_ok=True)  # training is resumed after it was finished
        self._remove_checkpoints(but=self.checkpoint(run.epochs))

    def finish(
        self, run: TrainingRun, kernel_maps: Mapping[str, NDArray[np.float32]]
    ) -> TrainingRun:
        """Save the trained model and its kernel maps.

        Args:
            run: the run after its last epoch.
            kernel_maps: (count, out_height, out_width) for each involution layer, by its name.

        Returns:
            The run as finished.
        """
        finished = progress.finished(run)
        if kernel_maps:
            write_arrays(self.folder / KERNELS, kernel_maps)
        last = self.checkpoint(run.epochs)
        if last.exists():
            last.replace(self.trained)
        self.write(finished)
        self._remove_checkpoints()
        return finished

    def contents(self) -> dict[str, bytes]:
        """Return the content of each file of the run, by its name; none before it was begun."""
        names = (RUN, KERNELS, self.trained.name)
        files = [*(self.folder / name for name in names), *self.folder.glob("epoch-*.keras")]
        return {path.name: path.read_bytes() for path in files if path.exists()}

    def replace(self, contents: Mapping[str, bytes]) -> None:
        """Write the files of the run as another store of the same run has them.

        As in `save`, the run on disk and the model that it names are both there at any moment.

        Args:
            contents: what `contents` returned there.
        """
        for name, content in sorted(contents.items(), key=lambda item: item[0] == RUN):
            write_whole(self.folder / name, partial(Path.write_bytes, data=content))
        for path in self.folder.glob("*.keras"):
            if path.name not in contents:
                path.unlink()

    def _remove_checkpoints(self, but: Path | None = None) -> None:
        for path in self.folder.glob("epoch-*.keras"):
            if path != but:
                path.unlink()


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write an .npz file, whole or not at all.

    Args:
        path: the file.
        arrays: what it holds, by name.
    """

    def write(draft: Path) -> None:
        np.savez_compressed(draft, **arrays)  # type: ignore[arg-type] # any name but its own

    write_whole(path, write, suffix=".npz")
