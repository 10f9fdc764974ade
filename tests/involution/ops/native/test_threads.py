"""The same bits each time, and calls from several threads at once."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import tensorflow as tf

from tests.involution.ops.native.tensors import (
    generated_form,
    generated_tensors,
    given_form,
    given_tensors,
)

FORMS = {"given": (given_form, given_tensors), "generated": (generated_form, generated_tensors)}


def step(form, batch, dtype="float32"):
    """Return outputs and all gradients of a problem that is divided among threads."""
    function, tensors = FORMS[form]
    arguments = tensors(batch=batch, size=24, channels=32, dtype=dtype)
    with tf.GradientTape() as tape:
        tape.watch(arguments)
        outputs = function(*arguments)
    return [tensor.numpy() for tensor in (outputs, *tape.gradient(outputs, arguments))]


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("form", FORMS)
def test_the_same_bits_each_time(form, dtype):
    first = step(form, 3, dtype)
    for _ in range(5):
        for found, expected in zip(step(form, 3, dtype), first, strict=True):
            assert found.tobytes() == expected.tobytes()


@pytest.mark.parametrize("form", FORMS)
def test_threads_that_call_at_once_get_their_own_results(form):
    batches = [1, 2, 3, 4] * 4
    expected = {batch: step(form, batch) for batch in set(batches)}
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(step, form, batch) for batch in batches]
        for batch, call in zip(batches, calls, strict=True):
            for found, truth in zip(call.result(timeout=60), expected[batch], strict=True):
                np.testing.assert_array_equal(found, truth)
