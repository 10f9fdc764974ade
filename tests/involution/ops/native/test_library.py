"""The library: what is said where it cannot be used, and which instructions it uses."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import tensorflow as tf

from involution import Involution2D, involve, ops
from involution.ops import fused, generates_in_place, internals
from involution.ops.native import library
from tests.involution import loop
from tests.involution.ops.native.tensors import results_of_all_dtypes
from tests.involution.problem import problem

RESULTS = """
import sys
import numpy as np
from involution.ops.native import library
from tests.involution.ops.native.tensors import results_of_all_dtypes

np.save(sys.argv[1], results_of_all_dtypes())
print(library.instructions())
"""


@pytest.fixture
def asked_again():
    """Ask again whether the library can be used, now and after the test."""
    library.reason_against.cache_clear()
    ops._note_absence.cache_clear()
    yield
    library.reason_against.cache_clear()


# For each reason: what is missing, and how it is taken away.
OBSTACLES = {
    "were not built when this package was installed": lambda patch: patch.setattr(
        library, "_path", lambda: None
    ),
    "cannot be loaded: ": lambda patch: patch.setattr(library, "_path", lambda: "/nowhere.so"),
    "takes no kernels by XLA": lambda patch: patch.setattr(library, "xla_ffi_api", lambda: None),
    r"TensorFlow [\d.]+ takes no kernels": lambda patch: patch.setattr(
        internals, "call_module", None
    ),
    "INVOLUTION_INSTRUCTIONS must be one of avx512, avx2, plain. Received: 'AVX9'": lambda patch: (
        patch.setenv("INVOLUTION_INSTRUCTIONS", "AVX9")
    ),
}


@pytest.mark.usefixtures("asked_again")
@pytest.mark.parametrize("reason", OBSTACLES)
def test_without_it_native_is_refused_and_auto_takes_another(monkeypatch, reason):
    OBSTACLES[reason](monkeypatch)
    inputs, kernels = problem(size=5)
    with pytest.raises(ValueError, match=f"{reason}.*Received: implementation='native'"):
        involve(inputs, kernels, implementation="native")
    assert not generates_in_place("auto", "float32")
    assert not generates_in_place("native", "float32")
    computed = []
    compute = fused.involve
    monkeypatch.setattr(fused, "involve", lambda problem: computed.append(1) or compute(problem))
    np.testing.assert_allclose(involve(inputs, kernels), loop.involve(inputs, kernels), atol=1e-4)
    layer = Involution2D(3, groups=2)
    outputs, kernels = layer(inputs, return_kernels=True)
    np.testing.assert_allclose(layer(inputs), outputs, atol=1e-5)
    assert len(computed) == 3


@pytest.mark.usefixtures("asked_again")
def test_a_layer_that_names_native_says_why_it_cannot(monkeypatch):
    monkeypatch.setattr(library, "_path", lambda: None)
    with pytest.raises(ValueError, match=r"were not built.*Received: implementation='native'"):
        Involution2D(3, implementation="native")(problem()[0])


@pytest.mark.usefixtures("asked_again")
def test_it_can_be_registered_again():
    assert library.reason_against() is None


def test_other_dtypes_are_refused_by_name():
    assert not generates_in_place("native", "int32")
    assert generates_in_place("native", "bfloat16")


def test_without_a_library_no_instructions_are_named(monkeypatch):
    assert library.instructions() in library.INSTRUCTIONS
    monkeypatch.setattr(library, "_path", lambda: None)
    assert library.instructions() is None


@pytest.mark.slow
def test_each_instruction_set_gives_the_same_to_rounding(tmp_path, python):
    names = ("avx2", "plain")

    def run(name):
        return python(RESULTS, tmp_path / name, INVOLUTION_INSTRUCTIONS=name).split()[-1]

    with ThreadPoolExecutor() as pool:
        used = list(pool.map(run, names))
    assert used[0] in ("avx2", "plain")
    assert used[1] == "plain"
    expected = results_of_all_dtypes()
    assert len(expected) > 10_000
    for name in names:
        np.testing.assert_allclose(np.load(tmp_path / f"{name}.npy"), expected, rtol=0, atol=2e-3)


def test_another_device_is_an_obstacle_that_nothing_is_said_of(monkeypatch, caplog):
    class Accelerator:
        device_type = "GPU"

    devices = [*tf.config.list_logical_devices(), Accelerator()]
    monkeypatch.setattr(tf.config, "list_logical_devices", lambda *_: devices)
    inputs, kernels = problem(size=5)
    with pytest.raises(ValueError, match=r"compute on a CPU.* Received: implementation='native'"):
        involve(inputs, kernels, implementation="native")
    assert not generates_in_place("auto", "float32")
    assert caplog.records == []


@pytest.mark.usefixtures("asked_again")
def test_what_runs_without_native_kernels_is_said_once(monkeypatch, caplog):
    monkeypatch.setattr(library, "_path", lambda: None)
    for _ in range(2):
        involve(*problem(size=5))
    [record] = caplog.records
    assert "were not built" in record.getMessage()
    assert "compiled by XLA" in record.getMessage()


def test_scratch_memory_is_counted_from_the_last_call_on():
    inputs, kernels = problem(size=5)
    involve(inputs, tf.cast(kernels, inputs.dtype), implementation="native")
    assert library.peak_scratch() > 0
    assert library.peak_scratch() == 0
