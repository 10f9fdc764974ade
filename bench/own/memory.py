"""Whether what is asked for fits into memory, estimated before any of it is made."""

from math import prod

import keras
import psutil

from bench.cases import Case
from bench.operators import Operator
from bench.operators.definition import ITEMSIZES
from involution.costs.calls import calls


def check_operator(operator: Operator, case: Case, name: str) -> None:
    """Refuse a case whose tensors do not fit into the memory that is free.

    Args:
        operator: the baseline of the case.
        case: the case as the operator runs it.
        name: what the user calls it.

    Raises:
        ValueError: if they do not fit.
    """
    # The check holds inputs, outputs and their gradients in float64, too.
    copies = 1 + ITEMSIZES["float64"] / ITEMSIZES[case.dtype]
    _check(copies * operator.costs(case).compulsory_bytes, f"{name}, {case.direction}")


def check_model(model: keras.Model, batch: int, name: str) -> None:
    """Refuse a batch of a model whose training step does not fit into the memory that is free.

    Args:
        model: for images of a known size.
        batch: images in a call.
        name: what the user calls the model.

    Raises:
        ValueError: if the outputs of its layers, which the gradients need, do not fit.
    """
    numbers = sum(prod(call.outputs[1:]) for call in calls(model) if None not in call.outputs[1:])
    _check(batch * numbers * ITEMSIZES["float32"], f"{name} with {batch} images in a call")


def _check(needed: float, what: str) -> None:
    available = psutil.virtual_memory().available
    if needed > available:
        raise ValueError(
            "expected tensors that fit into the memory that is free, "
            f"{available / 1e9:.3g} GB. Received: {what}, which needs {needed / 1e9:.3g} GB"
        )
