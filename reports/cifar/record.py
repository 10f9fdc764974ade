"""The files of a study of training on CIFAR, each key declared once.

cifar.json              settings, data set, machine and commit
images.npz              25 training images, and the ten test images of the kernel maps
MODEL/seed-N/run.json   what is known of one run; says which epochs are done
MODEL/seed-N/epoch-E.keras   the model after epoch E, from which training is resumed
MODEL/seed-N/model.keras     the trained model
MODEL/seed-N/kernels.npz     kernel maps of its involution layers

`bench.cifar` writes them, the report reads them.
"""

import math
from typing import Annotated, Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from reports.sources.validation import (
    Count,
    Expected,
    Flag,
    Schema,
    Size,
    Text,
    Texts,
    key,
)

MARKER = "cifar.json"
IMAGES = "images.npz"
RUN = "run.json"
KERNELS = "kernels.npz"
# Raise it when a key changes its meaning or disappears. Version 2: `parameters` are trainable ones.
FORMAT: Final = 2
FORMATS = (1, FORMAT)
# What a reader of a study of version 1 must know.
FORMAT_1 = "Written in format 1: parameters include non-trainable ones"

Floats = NDArray[np.float64]
State = Literal["finished", "stopped", "diverged"]
OperatorName = Literal["convolution", "involution"]
Metric = Literal["loss", "accuracy", "val_loss", "val_accuracy"]
METRICS: tuple[Metric, ...] = get_args(Metric)

# Beyond the largest float32, in which losses are computed.
LARGEST = 1e39
Number = Annotated[float, Field(gt=-LARGEST, lt=LARGEST), Expected("a number")]
Numbers = Annotated[list[Number | None], Expected("a list of numbers, null where not finite")]
Seconds = Annotated[
    list[Annotated[float, Field(ge=0, lt=LARGEST)]],
    Expected("a list of numbers of seconds of at least 0"),
]
Epochs = Annotated[list[Count], Expected("a list of numbers of epochs")]
# Optional for the report: a value of another type counts as missing.
Facts = Annotated[
    dict[str, Any],
    BeforeValidator(lambda value: value if isinstance(value, dict) else {}),
    Expected("an object"),
]
Moment = Annotated[
    str, BeforeValidator(lambda value: str(value or "")), Expected("a time in ISO 8601")
]


class History(Schema):
    """The metrics of a run: one value per epoch, null where it is not finite."""

    loss: Numbers = key("Cross-entropy in training, the mean over the epoch as it went on.")
    accuracy: Numbers = key("Accuracy in training, the mean over the epoch as it went on.")
    val_loss: Numbers = key("Cross-entropy on the test images, after the epoch.")
    val_accuracy: Numbers = key("Accuracy on the test images, after the epoch.")


class TrainingRun(Schema):
    """`run.json`: what is known of one model trained from one seed."""

    format: Literal[1, 2] = key("The version of these keys.")
    model: Text = key("The name of the model.")
    seed: Count = key("Sets weights, order of the images and their augmentation.")
    operator: OperatorName = key("`convolution` or `involution`.")
    baseline: Text | None = key(
        "The convolutional model that this one is compared with; null if it is one itself."
    )
    comparison: Text = key("What the two have in common.")
    parameters: Size = key("Trainable parameters; in format 1 all of them, trainable or not.")
    state: State = key("`stopped` until all epochs are done, then `finished`, or `diverged`.")
    history: History = key("The metrics, one value per epoch.")
    epoch_seconds: Seconds = key("Training time of each epoch, without validation.", "s")
    compiled_epochs: Epochs = key("Numbers of the epochs whose time includes compilation.")
    input_seconds: Number | None = key(
        "Time to make the batches of one epoch while nothing is trained; null if unknown.", "s"
    )
    notes: Texts = key("What else a reader should know.")

    @model_validator(mode="after")
    def _one_value_per_epoch(self) -> "TrainingRun":
        lengths: dict[str, int] = {name: len(getattr(self.history, name)) for name in METRICS}
        lengths["epoch_seconds"] = len(self.epoch_seconds)
        if len(set(lengths.values())) > 1:
            raise ValueError(f"expected one value per epoch everywhere. Received: {lengths}")
        return self

    @property
    def epochs(self) -> int:
        """How many epochs are done."""
        return len(self.epoch_seconds)

    def metric(self, name: Metric) -> Floats:
        """Return one value per epoch, NaN where it was not finite.

        Args:
            name: one of `METRICS`.
        """
        values: list[float | None] = getattr(self.history, name)
        return np.asarray([math.nan if value is None else value for value in values], np.float64)


def finite(value: float) -> float | None:
    """Write a metric for JSON, which has no NaN and no infinity: they become None.

    Example:
        >>> finite(0.5), finite(float("nan"))
        (0.5, None)
    """
    return value if -LARGEST < value < LARGEST else None


class StudySettings(Schema):
    """What every run of a study was trained with. Keys that are not declared are kept."""

    model_config = ConfigDict(extra="allow")

    models: Texts | None = key("Names of the models, in the order of the command.", default=None)
    seeds: Size | None = key("How many seeds, from 0.", default=None)
    epochs: Size | None = key("Passes over the training images.", default=None)
    batch: Size | None = key("Images in a step, over all replicas.", default=None)
    learning_rate: Number | None = key("Of the optimizer.", default=None)
    augment: Flag | None = key(
        "Whether training images are flipped and shifted at random.", default=None
    )
    optimizer: Text | None = key("The name of the optimizer.", default=None)
    replicas: Size | None = key("Devices that trained together.", default=None)


class StudyData(Schema):
    """The images of a study. Keys that are not declared are kept."""

    model_config = ConfigDict(extra="allow")

    dataset: Text | None = key("`cifar10` or `cifar100`.", default=None)
    source: Text | None = key("The file or folder that the images came from.", default=None)
    notes: Texts | None = key("How the images differ from the published ones.", default=None)
    training_images: Size | None = key("How many.", default=None)
    test_images: Size | None = key("How many.", default=None)
    classes: Texts | None = key("A name for each label.", default=None)
    sha256: Text | None = key("Of all images and labels.", default=None)


class StudyRecord(Schema):
    """`cifar.json`: what all runs of a study have in common."""

    format: Literal[1, 2] = key("The version of the keys in the folder.")
    datetime: Moment = key("When the first run began.", default="")
    settings: StudySettings = key("What every run was trained with.")
    data: StudyData = key("The images.")
    machine_info: Facts = key(
        "The machine and its software, as in a run of the sweeps.", default_factory=dict
    )
    commit_info: Facts = key("The commit, as in a run of the sweeps.", default_factory=dict)
