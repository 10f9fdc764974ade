"""What `python -m bench.cifar.weights` does once its options are known."""

import tempfile
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from bench.cifar import data, sheet
from bench.cifar.checks import Images
from bench.cifar.layouts import SIDE
from bench.cifar.trained import TrainedModel
from bench.cifar.weights.card import card
from bench.cifar.weights.chosen import WEIGHTS, chosen
from bench.cifar.weights.files import WeightsFile, written
from bench.cifar.weights.index import index, named
from involution.models.trained import CLASSES, INDEX, file_name
from reports.sources.files import shown_path
from reports.sources.writing import (
    UnwritableError,
    check_writable,
    write_json,
    write_text,
    write_whole,
)

CARD = "README.md"


def write(runs: Sequence[Path], output: Path, sample: Path, images: Path | None) -> int:
    """Write weights, index and card of trained models.

    Args:
        runs: folders MODEL/seed-0 of one study.
        output: the folder of the weights.
        sample: a sheet of test images.
        images: the data set of the study, from which the sample is made again; None to read it.

    Returns:
        The exit status.

    Raises:
        ValueError: if a run may not come with the package, a file cannot be read or written, the
            sample is no sheet with a row per class, or the weights are too large.
    """
    _check_writable([output / INDEX, *([] if images is None else [sample])])
    models = chosen(runs)
    picture = _read(sample) if images is None else _sample(images, models[0])
    with tempfile.TemporaryDirectory() as folder:
        files = written(models, Path(folder), picture)
        if images is not None:
            write_whole(sample, partial(sheet.write, picture=picture), suffix=".png")
        _place(files, output, sample, len(sheet.tiles(picture)[1]))
        for file in files:
            print(f"{shown_path(output / file.path.name)}: {file.bytes:,} bytes")
    return 0


def _check_writable(files: Iterable[Path]) -> None:
    try:
        for file in files:
            check_writable(file)
    except UnwritableError as error:
        raise ValueError(f"cannot write {error}") from error


def _read(sample: Path) -> Images:
    """Read the sheet, which must have a row for each class."""
    picture = sheet.read(sample)
    rows, classes = picture.shape[0] // SIDE, CLASSES[WEIGHTS]
    if rows != classes:
        raise ValueError(
            f"{shown_path(sample)}: expected {classes} rows of images, one of each class. "
            f"Received: {rows}"
        )
    return picture


def _sample(images: Path, model: TrainedModel) -> Images:
    """Make the sheet of the images that a model was tested with."""
    found = data.load(images)
    expected = model.study.record.data.sha256
    if found.fingerprint != expected:
        raise ValueError(
            f"{shown_path(images)}: expected the images of the study, SHA-256 {expected}. "
            f"Received: {found.fingerprint}"
        )
    return sheet.sheet(found.test_images, found.test_labels)


def _place(files: Sequence[WeightsFile], output: Path, sample: Path, count: int) -> None:
    """Write all files into the folder, and remove other weights that its old index names."""
    before = named(output / INDEX)
    for file in files:
        content = file.path.read_bytes()
        write_whole(output / file.path.name, partial(Path.write_bytes, data=content))
    described = index(files, sample, count)
    write_json(output / INDEX, described)
    write_text(output / CARD, card(files, sample, count))
    for path in output.glob(file_name("*", "*")):
        if path.name in before - described["files"].keys():
            path.unlink()
