"""Trained models as files of weights alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.cifar import sheet
from bench.cifar.checks import Images
from bench.cifar.models import candidate
from bench.cifar.trained import TrainedModel
from bench.cifar.weights.chosen import WEIGHTS
from bench.cifar.weights.compact import compact
from involution.models.trained import CLASSES, file_name, sha256_of

# Of all files together: whoever installs the package downloads them.
MOST_BYTES = 2_500_000


@dataclass(frozen=True)
class WeightsFile:
    """The weights of a trained model.

    Attributes:
        model: the model.
        path: the file.
        sha256: of its content.
        correct: how many images of the sample the model classifies correctly.
    """

    model: TrainedModel
    path: Path
    sha256: str
    correct: int

    @property
    def bytes(self) -> int:
        """The size of the file."""
        return self.path.stat().st_size


def written(models: Sequence[TrainedModel], folder: Path, picture: Images) -> list[WeightsFile]:
    """Write the weights of models, and read them again to try them on a sample.

    Args:
        models: what `chosen` returned.
        folder: for the files.
        picture: a sheet of test images.

    Returns:
        The files, in the order of the models.

    Raises:
        ValueError: if a model is damaged, or all files together are too large.
    """
    files = [_written(model, folder, picture) for model in models]
    total = sum(file.bytes for file in files)
    if total > MOST_BYTES:
        sizes = ", ".join(f"{file.model.run.model} {file.bytes:,}" for file in files)
        raise ValueError(
            f"expected weights of at most {MOST_BYTES:,} bytes together. Received: {total:,} "
            f"({sizes})"
        )
    return files


def _written(model: TrainedModel, folder: Path, picture: Images) -> WeightsFile:
    path = folder / file_name(model.run.model, WEIGHTS)
    draft = folder / f"draft-{path.name}"
    model.network().save_weights(draft)
    compact(draft, path)
    network = candidate(model.run.model).build(CLASSES[WEIGHTS])
    network.load_weights(path)
    images, labels = sheet.tiles(picture)
    logits = network.predict(images.astype(np.float32) / 255, verbose=0)
    correct = int((logits.argmax(axis=-1) == labels).sum())
    return WeightsFile(model, path, sha256_of(path), correct)
