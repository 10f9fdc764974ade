"""The sum and the last convolution of the generator, at the shapes of RedNet-50's stages.

In these two steps involution's kernels are written and read. The baseline is the 3x3 convolution
that RedNet replaces in ResNet.
"""

from collections.abc import Callable
from dataclasses import replace

import keras
import tensorflow as tf

from bench.bench_core import compiled
from bench.cases import Case
from bench.operators import BASELINE, dense_3x3, geometry
from bench.references.involutions import given_features
from bench.sweeps import Sweep
from involution import costs, involve
from involution.ops import Implementation, generates_in_place, involve_generated
from involution.ops.types import Generator, Windows

REDUCTION_RATIO = 4

# The stages of RedNet-50 for images of 224 x 224 pixels, and its stem.
STAGES = tuple(
    Case(height=side, width=side, channels=channels, groups=channels // 16)
    for side, channels in ((56, 64), (28, 128), (14, 256), (7, 512))
)
STEM = Case(height=112, width=112, channels=32, groups=2)

SWEEP = Sweep(
    "generated",
    fields=("channels",),
    values={
        "quick": (),
        "default": STAGES,
        "full": tuple(replace(case, batch=batch) for batch in (1, 8) for case in (STEM, *STAGES)),
    },
)


class GivenFeatures(keras.layers.Layer):
    """Involution whose last convolution gets weights in place of features of the input."""

    def __init__(self, case: Case, implementation: Implementation) -> None:
        super().__init__(dtype=case.dtype)
        self.implementation = implementation
        self.windows = Windows(**case.windows, groups=case.groups)

    def build(self, input_shape: tuple[int, ...]) -> None:
        """Create features for each window of an input padded "same", weights and a bias."""
        batch, height, width, channels = input_shape
        positions = [-(-size // self.windows.strides[0]) for size in (height, width)]
        reduced = channels // REDUCTION_RATIO
        numbers = self.windows.kernel_size[0] ** 2 * self.windows.groups
        self.features = self.add_weight((batch, *positions, reduced))
        self.last_kernel = self.add_weight((reduced, numbers))
        self.last_bias = self.add_weight((numbers,), initializer="zeros")

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """Return the outputs."""
        weights = (self.features, self.last_kernel, self.last_bias)
        generator = Generator(*(weight.value for weight in weights))
        if generates_in_place(self.implementation, inputs.dtype):
            return involve_generated(inputs, generator, self.windows)
        kernels = generator.kernels(self.windows)
        strides = self.windows.strides
        return involve(inputs, kernels, strides=strides, implementation=self.implementation)

    def compute_output_shape(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of the outputs."""
        return (*self.features.shape[:3], input_shape[3])


def _given_features(implementation: Implementation) -> Callable[[Case], keras.layers.Layer]:
    return lambda case: GivenFeatures(case, implementation)


def _costs(case: Case) -> costs.Costs:
    return costs.generated(groups=case.groups, **geometry(case))


CONVOLUTION = replace(BASELINE, fit=dense_3x3)
OPERATORS = (CONVOLUTION, *compiled(_given_features, _costs, given_features))


def bench_generated(measure: Callable[[], None]) -> None:
    measure()
