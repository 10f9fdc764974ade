"""What can be traced: an operator on a case, or a whole training step of a model."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, get_type_hints

import keras
import tensorflow as tf

from bench.cases import Case
from bench.measure.calls import SEED, prepare
from bench.operators import OPERATORS, Operator
from involution.models import rednet, resnet, tutorial_cnn, tutorial_inn
from involution.models.rednet import BLOCKS
from reports.sweeps.record import DIRECTIONS, Direction

LEARNING_RATE = 0.01


@dataclass(frozen=True)
class Subject:
    """Something whose steps are traced.

    Attributes:
        name: names its run in TensorBoard; no spaces.
        description: the keys that tell it from others in the results.
        build: makes a function that runs one step and waits until the device has finished.
    """

    name: str
    description: dict[str, Any]
    build: Callable[[], Callable[[], object]]


@dataclass(frozen=True)
class Model:
    """A model that can be traced.

    Attributes:
        build: makes the model.
        batch: images a step, unless told otherwise.
        input_shape: (height, width, channels) of an image.
        classes: how many logits the model returns.
    """

    build: Callable[[], keras.Model]
    batch: int
    input_shape: tuple[int, int, int]
    classes: int


MODELS: dict[str, Model] = {
    **{
        f"{build.__name__}{depth}": Model(partial(build, depth), 8, (224, 224, 3), 1000)
        for build in (rednet, resnet)
        for depth in BLOCKS
    },
    **{
        build.__name__: Model(build, 256, (32, 32, 3), 10) for build in (tutorial_cnn, tutorial_inn)
    },
}


def parse_case(text: str) -> tuple[Case, tuple[Direction, ...]]:
    """Read a case from the command line.

    Args:
        text: KEY=VALUE,... with fields of `Case`; the others are those of the base case.

    Returns:
        The case, and the directions asked for: both, unless `text` names one.

    Raises:
        ValueError: if there is no such key, or a value is out of range.

    Example:
        >>> case, directions = parse_case("kernel_size=3,height=56,width=56")
        >>> case.kernel_size, case.shape, directions
        (3, (8, 56, 56, 64), ('forward', 'training'))
    """
    types = get_type_hints(Case)
    given: dict[str, Any] = {}
    for item in text.split(","):
        key, separator, value = (part.strip() for part in item.partition("="))
        if not separator or key not in types or key in given:
            raise ValueError(
                f"a case is KEY=VALUE,... with each KEY once, one of {', '.join(types)}. "
                f"Received: {item.strip()!r} in {text!r}"
            )
        try:
            given[key] = int(value) if types[key] is int else value
        except ValueError:
            raise ValueError(f"`{key}` must be an integer. Received: {key}={value!r}") from None
    return Case(**given), (given["direction"],) if "direction" in given else DIRECTIONS


def operator_subjects(
    case: Case, directions: Iterable[Direction], operators: Iterable[Operator]
) -> list[Subject]:
    """Return a subject for each operator and direction on a case.

    Args:
        case: the case; each operator runs it as it fits, with groups of its own.
        directions: "forward", "training" or both.
        operators: the operators to trace.

    Returns:
        Subjects, those of a direction side by side.
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
        batch: images a step. Default: the model's own.

    Returns:
        The subject.
    """
    model = MODELS[name]
    images = batch or model.batch
    return Subject(
        f"{name}-training" + (f"-batch{images}" if images != model.batch else ""),
        {"kind": "model", "model": name, "direction": "training", "batch": images},
        lambda: _training_step(model, images),
    )


def default_operators() -> list[Operator]:
    """Return the operators that take part in every sweep."""
    return list(OPERATORS)


def _operator_subject(operator: Operator, asked: Case, case: Case) -> Subject:
    base = asdict(Case(direction=asked.direction))
    changes = [f"{key}{value}" for key, value in asdict(asked).items() if value != base[key]]
    return Subject(
        "-".join([repr(operator), case.direction, *changes]),
        {
            "kind": "operator",
            "operator": operator.name,
            "implementation": operator.implementation,
            "executor": operator.executor,
            **asdict(case),
        },
        lambda: prepare(operator, case),
    )


def _training_step(model: Model, batch: int) -> Callable[[], object]:
    keras.utils.set_random_seed(SEED)
    network = model.build()
    network.compile(
        keras.optimizers.SGD(LEARNING_RATE, momentum=0.9),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        # Compiled whole, no part of a layer could be told from another.
        jit_compile=False,
    )
    images = tf.random.stateless_uniform((batch, *model.input_shape), seed=(SEED, 1))
    labels = tf.random.stateless_uniform((batch,), (SEED, 2), 0, model.classes, tf.int32)
    return lambda: network.train_on_batch(images, labels)
