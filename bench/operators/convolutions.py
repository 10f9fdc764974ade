"""Convolutions: the baseline, and what else is used in its place."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import keras
import tensorflow as tf

from bench import onednn
from bench.cases import Case
from bench.operators.definition import Operator, dense, geometry
from bench.references import convolutions as references
from involution import costs

# Of nearly every convolution of today's networks, and of those that RedNet replaces in ResNet.
USUAL_KERNEL_SIZE = 3


class GroupedConvolution(keras.layers.Conv2D):
    """Keras's grouped convolution by TensorFlow's own kernel.

    On a CPU Keras compiles a grouped convolution with XLA, which is several times slower than
    TensorFlow's kernel and, in training, up to hundreds of times slower.
    """

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """Return the convolution of the inputs, without a bias."""
        return tf.nn.conv2d(
            inputs, self.kernel, self.strides, self.padding.upper(), dilations=self.dilation_rate
        )


def dense_3x3(case: Case) -> Case:
    """Return a case with one group and a kernel size of 3.

    Args:
        case: of any kernel size.
    """
    return replace(dense(case), kernel_size=USUAL_KERNEL_SIZE)


def _dense_3x3_as_rival(case: Case) -> Case | None:
    # Without padding it would have more outputs than the baseline.
    is_other = case.kernel_size != USUAL_KERNEL_SIZE and case.padding == "same"
    return dense_3x3(case) if is_other else None


def one_group_per_channel(case: Case) -> Case | None:
    """Return a case as a depthwise convolution runs it, None where the channels change.

    Args:
        case: with any number of groups.
    """
    # TensorFlow's kernel takes the same stride in both directions.
    can = not case.filters and isinstance(case.strides, int)
    return replace(case, groups=case.channels) if can else None


def _dense_of_one_stride(case: Case) -> Case | None:
    return dense(case) if isinstance(case.strides, int) else None


def _where_tensorflow_can(case: Case) -> Case | None:
    """Without oneDNN, TensorFlow's kernel for CPUs computes no gradients of several groups."""
    is_plain = onednn.in_use() is False and not tf.config.list_physical_devices("GPU")
    return None if is_plain and case.groups > 1 and case.direction == "training" else case


def settings(case: Case, *, use_bias: bool = False) -> dict[str, Any]:
    """Return the arguments that the layers of all convolutions share.

    Args:
        case: the case as the convolution runs it.
        use_bias: whether a bias is added. Default False.
    """
    return {
        **case.windows,
        "use_bias": use_bias,
        "dtype": case.dtype,
        "data_format": "channels_last",
    }


def _convolution(layer: type[keras.layers.Conv2D]) -> Callable[[Case], keras.layers.Layer]:
    return lambda case: layer(case.outputs[3], groups=case.groups, **settings(case))


def _depthwise_convolution(case: Case) -> keras.layers.Layer:
    return keras.layers.DepthwiseConv2D(**settings(case))


def _separable_convolution(case: Case) -> keras.layers.Layer:
    return keras.layers.SeparableConv2D(case.channels, **settings(case))


def _convolution_costs(case: Case) -> costs.Costs:
    return costs.convolution(filters=case.outputs[3], groups=case.groups, **geometry(case))


def _depthwise_costs(case: Case) -> costs.Costs:
    return costs.depthwise_convolution(**geometry(case))


def _separable_costs(case: Case) -> costs.Costs:
    return costs.separable_convolution(filters=case.channels, **geometry(case))


BASELINE = Operator(
    "convolution",
    "keras",
    "graph",
    fit=dense,
    build=_convolution(keras.layers.Conv2D),
    costs=_convolution_costs,
    reference=references.convolution,
)

CONVOLUTION_3X3 = replace(BASELINE, implementation="keras-3x3", fit=_dense_3x3_as_rival)
CONVOLUTION_XLA = replace(BASELINE, implementation="xla", executor="xla")

GROUPED_CONVOLUTION = replace(
    BASELINE,
    implementation="tensorflow",
    fit=_where_tensorflow_can,
    build=_convolution(GroupedConvolution),
)

DEPTHWISE_CONVOLUTION = Operator(
    "depthwise convolution",
    "keras",
    "graph",
    fit=one_group_per_channel,
    build=_depthwise_convolution,
    costs=_depthwise_costs,
    reference=references.depthwise_convolution,
)

SEPARABLE_CONVOLUTION = Operator(
    "separable convolution",
    "keras",
    "graph",
    fit=_dense_of_one_stride,
    build=_separable_convolution,
    costs=_separable_costs,
    reference=references.separable_convolution,
)
