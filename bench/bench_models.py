"""Whole models: RedNet-50 against ResNet-50, images of 224 x 224 pixels."""

from collections.abc import Callable
from functools import lru_cache

import keras

from bench.cases import Case
from bench.environment import fixed
from bench.operators import in_direction
from bench.operators.models import whole_model
from bench.sweeps import Sweep
from involution.costs.models import ModelCosts, count
from involution.models import rednet, resnet
from involution.ops.native.library import reason_against
from reports.sources.case import Direction, Executor

DEPTH = 50
FEW_IMAGES = 4

SWEEP = Sweep(
    "models",
    fields=("batch",),
    values={"quick": (), "default": (1, 8), "full": (1, 2, 4, 8, 16, 32)},
    base=Case(height=224, width=224, channels=3, groups=1),
)

# The faster one for both models: XLA fuses the operations between the convolutions, but on a CPU
# its gradients of convolutions are several times slower than oneDNN's.
EXECUTORS: dict[Direction, Executor] = {"forward": "xla", "training": "graph"}


def _model(build: Callable[..., keras.Model]) -> Callable[[Case], keras.Model]:
    def of_case(case: Case) -> keras.Model:
        with fixed(case.dtype):
            return build(DEPTH, input_shape=case.shape[1:])

    return of_case


@lru_cache
def _of_one_image(build: Callable[..., keras.Model], shape: tuple[int, ...]) -> ModelCosts:
    return count(build(DEPTH, input_shape=shape))


def _costs(build: Callable[..., keras.Model]) -> Callable[[Case], ModelCosts]:
    return lambda case: _of_one_image(build, case.shape[1:])


def rednet_fused(depth: int, *, input_shape: tuple[int, int, int]) -> keras.Model:
    """Return RedNet without native kernels."""
    return rednet(depth, input_shape=input_shape, implementation="fused")


def _in(direction: Direction) -> Callable[[Case], Case | None]:
    """Let a model take part in a direction; nobody trains with one image."""
    least = {"forward": 1, "training": 2}[direction]
    return lambda case: in_direction(direction)(case) if case.batch >= least else None


def _of_few_images_in(direction: Direction) -> Callable[[Case], Case | None]:
    """Let a model take part at a batch size that only the full sweep has."""
    return lambda case: in_direction(direction)(case) if case.batch == FEW_IMAGES else None


# Name of the operator, name of the implementation, model, and the `fit` of a direction. RedNet runs
# as it runs for users; where that is without native kernels, once is enough. XLA compiles the fused
# one for a quarter of a minute.
COMPETITORS = (
    ("convolution", f"resnet{DEPTH}", resnet, _in),
    ("involution", f"rednet{DEPTH}", rednet, _in),
    *(
        [("involution", f"rednet{DEPTH}-fused", rednet_fused, _of_few_images_in)]
        if reason_against() is None
        else []
    ),
)

OPERATORS = tuple(
    whole_model(
        name,
        implementation,
        executor,
        fit=fit_in(direction),
        build=_model(build),
        count=_costs(build),
    )
    for name, implementation, build, fit_in in COMPETITORS
    for direction, executor in EXECUTORS.items()
)


def bench_models(measure: Callable[[], None]) -> None:
    measure()
