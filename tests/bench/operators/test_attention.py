import numpy as np
import pytest

from bench.cases import Case
from bench.operators.attention import ATTENTION, LOCAL_ATTENTION, SelfAttention
from tests.bench.attending import everywhere


@pytest.mark.parametrize("strides", [(1, 1), (2, 2), (1, 3)])
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


@pytest.mark.parametrize(
    "change",
    [{"padding": "valid"}, {"padding": 3}, {"filters": 32}],
    ids=str,
)
def test_it_takes_no_part_where_it_has_other_outputs(change):
    assert ATTENTION.fit(Case()) == LOCAL_ATTENTION.fit(Case()) == Case()
    assert ATTENTION.fit(Case(**change)) is LOCAL_ATTENTION.fit(Case(**change)) is None


def test_local_attention_needs_a_window_with_a_centre():
    assert LOCAL_ATTENTION.fit(Case(kernel_size=(3, 4))) is None
    assert ATTENTION.fit(Case(kernel_size=(3, 4))) is not None
