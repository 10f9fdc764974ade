"""What every model card says: data, training, results, limits and licence."""

import math
from collections.abc import Iterable, Iterator, Sequence

from bench.cifar.trained import TrainedModel
from reports.cifar.findings import interval
from reports.cifar.load import Study
from reports.cifar.statistics import Estimate
from reports.text import units
from reports.text.machine import NOT_STATED, text
from reports.text.markdown import grid

# Of each data set: its name, and its id on the Hugging Face hub.
DATASETS = {
    "cifar10": ("CIFAR-10", "uoft-cs/cifar10"),
    "cifar100": ("CIFAR-100", "uoft-cs/cifar100"),
}

LAST_EPOCH = """\
The weights are those after the last epoch; no epoch was chosen by its accuracy on the test
images."""

LICENCE = """\
The weights are licensed under Apache-2.0, as is the code that made them. {images}
Their authors ask to cite Alex Krizhevsky, "Learning Multiple Layers of Features from Tiny Images",
2009. Involution is by Li et al., "Involution: Inverting the Inherence of Convolution for Visual
Recognition", CVPR 2021 (arXiv 2103.06255)."""


def dataset(study: Study) -> tuple[str, str]:
    """Return the name of a study's data set, and its id on the Hugging Face hub."""
    return DATASETS[study.record.data.dataset or "cifar10"]


def labels(study: Study) -> str:
    """State which label names which class."""
    names = study.record.data.classes or []
    return f"Labels from 0 to {len(names) - 1}: {', '.join(names)}."


def data(study: Study) -> str:
    """State which images a study was trained and tested with."""
    found = study.record.data
    counts = [
        f"{count:,} {kind} images" if count else f"{kind} images"
        for count, kind in ((found.training_images, "training"), (found.test_images, "test"))
    ]
    sentences = [
        f"{dataset(study)[0]}, {' and '.join(counts)}, read from `{text(found.source)}`.",
        *(found.notes or ["They are the published files, by their checksums."]),
        f"SHA-256 of all images and labels: `{text(found.sha256)}`.",
    ]
    return " ".join(sentences)


def training(trained: TrainedModel) -> str:
    """Write the table of what all runs of a model's study were trained with."""
    return _table(("", ""), _training(trained))


def _training(trained: TrainedModel) -> Iterator[tuple[str, str]]:
    settings, machine = trained.study.record.settings, trained.study.record.machine_info
    commit = trained.study.record.commit_info
    yield "Seed", str(trained.run.seed)
    yield "Epochs", str(trained.run.epochs)
    yield "Batch", units.counted(settings.batch, "image") if settings.batch else NOT_STATED
    yield "Optimizer", f"{text(settings.optimizer)}, learning rate {text(settings.learning_rate)}"
    yield "Loss", "cross-entropy"
    yield "Augmentation", "flips and shifts at random" if settings.augment else "none"
    yield "Hardware", trained.hardware
    yield "Accelerators", text(machine.get("accelerators"))
    yield "Devices that trained together", text(settings.replicas)
    yield "TensorFlow, Keras", ", ".join(text(machine.get(key)) for key in ("tensorflow", "keras"))
    changed = " with uncommitted changes" if commit.get("dirty") is True else ""
    yield "Commit", f"{text(commit.get('id'))}{changed}"


def results(trained: TrainedModel) -> Iterator[str]:
    """State what a model reaches, and what its seeds do.

    Args:
        trained: the model and its study.
    """
    summary = trained.summary
    count = len(summary.runs)
    rows = [
        ("Test accuracy", last(trained, "val_accuracy"), summary.accuracy),
        ("Test loss", last(trained, "val_loss"), summary.loss),
        ("Training accuracy", last(trained, "accuracy"), summary.training_accuracy),
    ]
    if count < 2:
        single = [(label, f"{value:.4f}") for label, value, _ in rows]
        yield _table(("after the last epoch", "this model"), single)
        yield "The study has one finished run of this model: how far seeds scatter is unknown."
    else:
        several = [(label, f"{value:.4f}", *_spread(over)) for label, value, over in rows]
        heads = (f"mean of {count} seeds (95 % interval)", "lowest to highest seed")
        yield _table(("after the last epoch", "this model", *heads), several)


def last(trained: TrainedModel, metric: str) -> float:
    """Return a metric after the last epoch, to four decimals.

    Args:
        trained: the model.
        metric: a key of `History`.
    """
    value: float = getattr(trained.run.history, metric)[-1]
    return round(value, 4)


def _spread(over: Estimate) -> tuple[str, str]:
    return interval(over, 4), f"{min(over.values):.4f} to {max(over.values):.4f}"


def limits(study: Study) -> Iterator[str]:
    """State what no model of a study can do, and what was not measured of any."""
    yield (
        f"Only the {len(study.record.data.classes or [])} classes of {dataset(study)[0]} and "
        "images of 32 x 32 pixels are known. Every other image is given one of these classes, too."
    )
    yield (
        "Measured were accuracy and loss on the test images, nothing else: no other data, no "
        "corrupted or hostile images, no groups of people or things, no calibration of the "
        "probabilities. The training was to compare operators, not to decide anything."
    )


def limits_of(trained: TrainedModel) -> Iterator[str]:
    """State how far the accuracy of one model is known, and which of its runs do not count."""
    count = trained.study.record.data.test_images
    accuracy = last(trained, "val_accuracy")
    if count:
        error = math.sqrt(accuracy * (1 - accuracy) / count)
        several = len(trained.summary.runs) > 1
        beside = ", which the interval over seeds does not cover" if several else ""
        yield (
            f"{units.counted(count, 'test image')} leave a standard error of {error:.4f} in its "
            f"accuracy{beside}."
        )
    lost = [run for run in trained.study.runs if run.model == trained.run.model]
    for state in ("diverged", "stopped"):
        seeds = [str(run.seed) for run in lost if run.state == state]
        if seeds:
            yield f"Not counted, since training {state}: seed {', '.join(seeds)}."
    yield from dict.fromkeys(note for run in trained.summary.runs for note in run.notes)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return grid(heads, rows, len(heads))
