"""Compare an operator with its reference in float64, before it is timed."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

import keras
import numpy as np

from bench.cases import Case
from bench.measure import backend
from bench.measure.calls import Call, arguments
from bench.operators import Operator
from bench.references.truth import Array, Asked, Exact, Reference, Truth
from bench.references.windows import SampledWindows

# Of inputs and upstream gradients. What is timed has another one.
SEEDS = (1, 2, 3)
NO_REFERENCE = "not compared with a reference: there is none for {}"

# Those of two operators, which implementations and executors that follow each other share.
MOST_TRUTHS = 2 * len(SEEDS)
Key: TypeAlias = tuple[Reference, Case, int, bytes]
_truths: OrderedDict[Key, Truth] = OrderedDict()


class DisagreementError(AssertionError):
    """An operator computes something else than its reference."""


def check(operator: Operator, case: Case, call: Call) -> str | None:
    """Compare all that a call returns, gradients too, with the reference.

    The function that will be timed is called with other inputs, for several seeds. Outputs are
    compared for some windows, others for each seed, and gradients everywhere, for an upstream
    gradient that is zero outside these windows.

    Args:
        operator: what will be timed.
        case: the case as the operator runs it.
        call: of the operator, as `prepare` returns it.

    Returns:
        None, or why no comparison was possible, as a note for the record.

    Raises:
        DisagreementError: if a result differs by more than its data type explains.
    """
    if operator.reference is None:
        return NO_REFERENCE.format("a whole model" if operator.is_model else "such a layer")
    note = None
    weights = _weights(case, call.layer)
    for turn, seed in enumerate(SEEDS):
        tensors = arguments(case, call.layer, seed)
        try:
            asked = _asked(case, weights, tensors, SampledWindows(case, turn))
            truth = _truth(operator.reference, asked, seed, weights.digest)
        except backend.OUT_OF_MEMORY:
            return "not compared with its reference, for which the memory does not suffice"
        if truth.upstream is not None:
            if not truth.upstream.any():
                note = "gradients not compared: all windows have a feature at the kink of ReLU"
            everywhere = asked.windows.among_all(truth.upstream)
            tensors = tensors[0], backend.tensor(everywhere, case.dtype)
        results = call.function(*tensors)
        pairs = _pairs(results, truth, asked.windows, has_inputs=operator.differentiates_inputs)
        for name, found, exact in pairs:
            _compare(f"{operator}'s {name} for seed {seed}", found, exact, asked)
    return note


class HeldWeights(NamedTuple):
    """The weights of a layer in float64, and what tells them from others."""

    trainable: list[Array]
    others: list[Array]
    digest: bytes


def _weights(case: Case, layer: keras.layers.Layer) -> HeldWeights:
    # In training a normalisation changes its statistics with each call, and does not read them.
    others = layer.non_trainable_weights if case.direction == "forward" else []
    trainable, unchanged = (
        [backend.array(weight) for weight in part] for part in (layer.trainable_weights, others)
    )
    digest = hashlib.blake2b()
    for values in (*trainable, *unchanged):
        digest.update(values.tobytes())
    return HeldWeights(trainable, unchanged, digest.digest())


def _asked(
    case: Case, weights: HeldWeights, tensors: Sequence[Any], windows: SampledWindows
) -> Asked:
    inputs, *upstream = (backend.array(tensor) for tensor in tensors)
    return Asked(
        case=case,
        trainable=weights.trainable,
        others=weights.others,
        inputs=inputs,
        upstream=windows.of(upstream[0]) if upstream else None,
        windows=windows,
        roundoff=backend.roundoff(case.dtype),
    )


def _truth(reference: Reference, asked: Asked, seed: int, weights: bytes) -> Truth:
    """Return what the reference says; kept for operators that have the same weights."""
    key = reference, asked.case, seed, weights
    if key not in _truths:
        while len(_truths) >= MOST_TRUTHS:
            _truths.popitem(last=False)
        _truths[key] = reference(asked)
    return _truths[key]


def _pairs(
    results: Any, truth: Truth, windows: SampledWindows, *, has_inputs: bool
) -> Iterator[tuple[str, Array, Exact]]:
    """Name what a call returns: outputs or, in training, outputs and a list of gradients."""
    outputs, gradients = (results, []) if truth.upstream is None else results
    yield "outputs", _sampled(backend.array(outputs), truth, windows), truth.outputs
    expected = list(enumerate(truth.gradients))[0 if has_inputs else 1 :]
    for ours, (number, exact) in zip(gradients, expected, strict=True):
        name = f"gradients of weight {number}" if number else "gradients of the inputs"
        yield name, backend.array(ours), exact


def _sampled(outputs: Array, truth: Truth, windows: SampledWindows) -> Array:
    """Return the outputs of the windows, if all outputs are there and none is NaN or infinite."""
    expected = (*windows.shape, truth.outputs.values.shape[1])
    if outputs.shape != expected:
        raise DisagreementError(f"outputs have the shape {outputs.shape}, expected {expected}")
    if not np.isfinite(outputs).all():
        raise DisagreementError("outputs are not all finite")
    return windows.of(outputs)


def _compare(name: str, found: Array, exact: Exact, asked: Asked) -> None:
    if found.shape != exact.values.shape:
        raise DisagreementError(
            f"{name} have the shape {found.shape}, expected {exact.values.shape}"
        )
    difference = np.max(np.abs(found - exact.values), initial=0.0)
    tolerance = exact.growth.tolerance(asked.roundoff)
    if not difference <= tolerance * exact.scale:  # also where one of them is NaN
        raise DisagreementError(
            f"{name} differ from the reference by up to {difference:.3g}, expected at most "
            f"{tolerance:.2g} of its size, {exact.scale:.3g}, in {asked.case.dtype}"
        )
