"""Whole models as operators, which compete with each other."""

from collections.abc import Callable
from math import prod

import keras

from bench.cases import Case
from bench.operators.definition import ITEMSIZES, Operator
from involution import costs
from involution.costs.models import ModelCosts
from involution.costs.operators import TRAINING_BYTES, TRAINING_MACS
from reports.sources.case import Executor


def whole_model(
    name: str,
    implementation: str,
    executor: Executor,
    *,
    fit: Callable[[Case], Case | None],
    build: Callable[[Case], keras.Model],
    count: Callable[[Case], ModelCosts],
) -> Operator:
    """Return a whole model as an operator.

    Args:
        name: "convolution" for the model that others are held against.
        implementation: the model's name.
        executor: how it is run.
        fit: maps a case to the case as the model runs it, or to None.
        build: makes the model for a case.
        count: returns the costs of one image of a case.
    """
    return Operator(
        name,
        implementation,
        executor,
        fit=fit,
        build=build,
        costs=lambda case: _of_batch(count(case), case),
        differentiates_inputs=False,  # images need no gradient
        is_model=True,
    )


def _of_batch(one: ModelCosts, case: Case) -> costs.Costs:
    training = case.direction == "training"
    return costs.Costs(
        parameters=one.parameters,
        macs=case.batch * one.macs * (TRAINING_MACS if training else 1),
        compulsory_bytes=ITEMSIZES[case.dtype]
        * (prod(case.shape) + one.parameters * (TRAINING_BYTES if training else 1)),
        # The published rule counts a forward pass.
        published_operations=None if training else case.batch * one.published_operations,
    )
