"""What is measured of a user's own model: its layers, involution in their place, and the whole."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import cast

import keras

from bench.cases import Case
from bench.operators import INVOLUTION, Operator, as_it_is
from bench.operators.models import whole_model
from bench.own.copying import copied
from bench.own.in_place import groups_for, padding_for
from bench.own.inputs import with_channels_last
from bench.own.layers import LayerUse, uses
from bench.own.operators import layer_operator
from bench.own.outputs import with_one_output
from bench.own.replacing import replaced
from bench.own.rest import without_spatial
from bench.own.subject import OwnModel
from bench.sweeps import Contest, ListedSweep
from involution.costs.models import ModelCosts, count
from involution.geometry import checked_padding
from reports.sources.case import DIRECTIONS, Dtype
from reports.sweeps.model.description import LAYERS, REST, WHOLE

# RedNet's, besides the convolution's own.
KERNEL_SIZE = 7


def contests_of(own: OwnModel, *, has_layers: bool = True, has_whole: bool = True) -> list[Contest]:
    """Plan what is measured of a model.

    Args:
        own: the model.
        has_layers: whether its layers are measured. Default True.
        has_whole: whether the whole model is measured. Default True.

    Returns:
        One contest for each distinct layer that is measured, and one for the whole model.
    """
    measured = [use for use in uses(own.model) if use.is_measured] if has_layers else []
    whole = [_of_whole(own)] if has_whole else []
    return [*(_of_layer(use, own.batch) for use in measured), *whole]


def _of_layer(use: LayerUse, batch: int) -> Contest:
    height, width, channels = use.shape
    case = Case(
        batch,
        height,
        width,
        channels,
        kernel_size=_two(use.kernel_size),
        strides=_two(use.strides),
        groups=use.groups,
        dtype=cast("Dtype", use.dtype),
        dilation_rate=_two(use.dilation_rate),
        padding=checked_padding(use.padding),
        filters=use.filters,
    )
    listed = {replace(case, direction=each): use.label for each in DIRECTIONS}
    rivals = [] if use.reason else _involutions(use)
    return Contest(ListedSweep(LAYERS, "label", listed), (layer_operator(use), *rivals))


def _two(sizes: tuple[int, ...]) -> tuple[int, int]:
    vertical, horizontal = sizes  # a layer that is measured has two dimensions
    return vertical, horizontal


def _involutions(use: LayerUse) -> list[Operator]:
    """Return involution with the kernel size of a layer, and with RedNet's."""
    involution = replace(INVOLUTION, differentiates_inputs=use.differentiates_inputs)
    own = replace(involution, fit=_in_place_of(use, _two(use.kernel_size)))
    if max(use.kernel_size) >= KERNEL_SIZE:
        return [own]
    larger = f"{INVOLUTION.implementation}-{KERNEL_SIZE}x{KERNEL_SIZE}"
    fit = _in_place_of(use, (KERNEL_SIZE, KERNEL_SIZE))
    return [own, replace(involution, implementation=larger, fit=fit)]


def _in_place_of(use: LayerUse, kernel_size: tuple[int, int]) -> Callable[[Case], Case | None]:
    padding, groups = padding_for(use, kernel_size), groups_for(use.shape[-1])
    if padding is None:
        return lambda _: None
    return lambda case: replace(case, kernel_size=kernel_size, padding=padding, groups=groups)


def _of_whole(own: OwnModel) -> Contest:
    operators = [
        _model("convolution", own.name, lambda: copied(own.model, lambda _: None)),
        _model(REST, "keras", lambda: without_spatial(own.model)),
    ]
    if own.kernel_sizes:
        with_involution = replaced(own.model, own.kernel_sizes)
        build = lambda: copied(with_involution, lambda _: None)  # noqa: E731
        operators.append(_model("involution", "with-involution", build))
    listed = {replace(own.case, direction=each): own.batch for each in DIRECTIONS}
    return Contest(ListedSweep(WHOLE, "batch", listed), operators)


def _model(name: str, implementation: str, build: Callable[[], keras.Model]) -> Operator:
    @cache
    def of_one_image() -> ModelCosts:
        return count(build())

    # A graph: as Keras runs a model on a CPU, unless it is told otherwise.
    return whole_model(
        name,
        implementation,
        "graph",
        fit=as_it_is,
        build=lambda _: with_channels_last(with_one_output(build())),
        count=lambda _: of_one_image(),
    )
