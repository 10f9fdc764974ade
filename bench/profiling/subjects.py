"""What can be traced: an operator on a case, or a whole training step of a model."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

import keras
import tensorflow as tf

from bench.cases import Case
from bench.measure.calls import SEED, prepare
from bench.operators import Operator
from involution.models import rednet, resnet, tutorial_cnn, tutorial_inn
from involution.models.rednet import BLOCKS
from reports.profiling.record import ModelSubject, OperatorSubject
from reports.sources.case import Direction

LEARNING_RATE = 0.01


@dataclass(frozen=True)
class Subject:
    """Something whose steps are traced.

    Attributes:
        name: names its run in TensorBoard; no spaces.
        description: what it is, as the results say it.
        build: makes a function that runs one step and waits until the device has finished.
    """

    name: str
    description: OperatorSubject | ModelSubject
    build: Callable[[], Callable[[], object]]


@dataclass(frozen=True)
class TracedModel:
    """A model that can be traced.

    Attributes:
        build: makes the model.
        batch: images in a step, by default.
        input_shape: (height, width, channels) of an image.
        classes: how many logits the model returns.
    """

    build: Callable[[], keras.Model]
    batch: int
    input_shape: tuple[int, int, int]
    classes: int


MODELS: dict[str, TracedModel] = {
    **{
        f"{build.__name__}{depth}": TracedModel(partial(build, depth), 8, (224, 224, 3), 1000)
        for build in (rednet, resnet)
        for depth in BLOCKS
    },
    **{
        build.__name__: TracedModel(build, 256, (32, 32, 3), 10)
        for build in (tutorial_cnn, tutorial_inn)
    },
}


def operator_subjects(
    case: Case, directions: Iterable[Direction], operators: Iterable[Operator]
) -> list[Subject]:
    """Return a subject for each operator and direction on a case.

    Args:
        case: the case; each operator runs it as it fits, with groups of its own.
        directions: "forward", "training" or both.
        operators: the operators to trace.

    Returns:
        Subjects, those of one direction after those of the other.
    """
    subjects = []
    for direction in directions:
        for operator in operators:
            asked = replace(case, direction=direction)
            fitted = operator.fit(asked)
            if fitted is not None:
                subjects.append(_operator_subject(operator, asked, fitted))
    return subjects


def model_subject(name: str, batch: int | None = None) -> Subject:
    """Return the training step of a model.

    Args:
        name: a key of `MODELS`.
        batch: images in a step. Default: the model's own.

    Returns:
        The subject.
    """
    model = MODELS[name]
    images = batch or model.batch
    return Subject(
        f"{name}-training" + (f"-batch{images}" if images != model.batch else ""),
        ModelSubject(kind="model", model=name, direction="training", batch=images),
        lambda: _training_step(model, images),
    )


def _operator_subject(operator: Operator, asked: Case, case: Case) -> Subject:
    base = Case(direction=asked.direction).keys
    changes = [f"{key}{value}" for key, value in asked.keys.items() if value != base[key]]
    return Subject(
        "-".join([repr(operator), case.direction, *changes]),
        OperatorSubject(
            kind="operator",
            operator=operator.name,
            implementation=operator.implementation,
            executor=operator.executor,
            **case.keys,
        ),
        lambda: prepare(operator, case),
    )


def _training_step(model: TracedModel, batch: int) -> Callable[[], object]:
    keras.utils.set_random_seed(SEED)
    network = model.build()
    network.compile(
        keras.optimizers.SGD(LEARNING_RATE, momentum=0.9),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        # XLA would fuse across layers, and the parts of a layer could not be distinguished.
        jit_compile=False,
    )
    images = tf.random.stateless_uniform((batch, *model.input_shape), seed=(SEED, 1))
    labels = tf.random.stateless_uniform((batch,), (SEED, 2), 0, model.classes, tf.int32)
    return lambda: network.train_on_batch(images, labels)
