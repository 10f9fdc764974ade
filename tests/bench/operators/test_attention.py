import numpy as np
import pytest

from bench.operators.attention import SelfAttention
from tests.bench.attending import everywhere


@pytest.mark.parametrize("strides", [1, 2, 3])
@pytest.mark.parametrize("groups", [1, 2])
def test_it_equals_loops(strides, groups):
    inputs = np.random.default_rng(3).normal(size=(2, 5, 4, 8))
    layer = SelfAttention(strides=strides, groups=groups, dtype="float32")
    found = layer(inputs.astype("float32"))
    *first, last = (np.reshape(weight, (8, 8)) for weight in layer.trainable_weights)
    np.testing.assert_allclose(
        found, everywhere(inputs, first, last, groups, strides), rtol=1e-5, atol=1e-5
    )
    assert layer.compute_output_shape(inputs.shape) == found.shape


def test_strides_in_one_dimension():
    inputs = np.random.default_rng(3).normal(size=(1, 4, 6, 4)).astype("float32")
    layer = SelfAttention(strides=(1, 3))
    strided = layer(inputs)
    layer.strides = (1, 1)
    np.testing.assert_allclose(strided, layer(inputs)[:, :, ::3], atol=1e-6)
