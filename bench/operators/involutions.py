"""The involution layer in each implementation."""

from collections.abc import Callable

import keras
import tensorflow as tf

from bench.cases import Case
from bench.operators.definition import Operator, geometry, where_involution_can
from bench.references import involutions as references
from involution import Involution2D, costs
from involution.ops import Implementation


class StoredKernels(Involution2D):
    """Involution that writes its kernels to memory, as a caller who asks for them makes it do."""

    def call(
        self,
        inputs: tf.Tensor,
        training: bool | None = None,  # noqa: FBT001 - the arguments of the layer
        return_kernels: bool = True,  # noqa: FBT001, FBT002 - the arguments of the layer
    ) -> tf.Tensor:
        """Return the outputs alone."""
        outputs, _ = super().call(inputs, training, return_kernels)
        return outputs


def _involution(
    implementation: Implementation, layer: type[Involution2D] = Involution2D
) -> Callable[[Case], keras.layers.Layer]:
    return lambda case: layer(
        **case.windows,
        groups=case.groups,
        implementation=implementation,
        dtype=case.dtype,
        data_format="channels_last",
    )


def _competing(name: str, build: Callable[[Case], keras.layers.Layer]) -> Operator:
    return Operator(
        "involution",
        name,
        "graph",
        fit=where_involution_can,
        build=build,
        costs=_costs,
        reference=references.involution,
    )


def _costs(case: Case) -> costs.Costs:
    return costs.involution(groups=case.groups, **geometry(case))


NATIVE = _competing("native", _involution("native"))
NATIVE_STORED = _competing("native-stored", _involution("native", StoredKernels))
FUSED = _competing("fused", _involution("fused"))
PATCHES = _competing("patches", _involution("patches"))
