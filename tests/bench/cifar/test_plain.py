"""Unpickling: plain data of any age passes, anything that could act is refused."""

import contextlib
import os
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.cifar.plain import unpickle


class Acts:
    """Runs a command when it is unpickled by Python's own reader."""

    def __init__(self, call, *arguments):
        self.call, self.arguments = call, arguments

    def __reduce__(self):
        return self.call, self.arguments


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("order", "CF")
def test_plain_data_passes(protocol, order):
    data = np.asarray(np.arange(12, dtype=np.uint8).reshape(3, 4), order=order)
    value = {b"data": data, b"labels": [1, 2], "name": "text", "raw": b"bytes", "half": 0.5}
    found = unpickle(pickle.dumps(value, protocol))
    np.testing.assert_array_equal(found.pop(b"data"), value.pop(b"data"))
    assert found == value


def test_a_pickle_of_python_2_and_old_numpy_passes():
    # As published: module numpy.core.multiarray, and strings of Python 2, which become bytes.
    content = (
        b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR"
        b"(I1\n(I3\ntcnumpy\ndtype\n(S'u1'\nI0\nI1\ntR(I3\nS'|'\nNNNI-1\nI-1\nI0\ntbI00\nS'abc'\ntb."
    )
    np.testing.assert_array_equal(unpickle(content), np.frombuffer(b"abc", np.uint8))


@pytest.mark.parametrize(
    "value",
    [
        Acts(os.system, "touch acted"),
        {b"data": [Acts(os.mkdir, "acted")]},
        Acts(eval, "1"),
        Acts(np.load, "file"),
        np.array([Acts(os.mkdir, "acted")], dtype=object),
    ],
)
def test_whatever_could_act_is_refused(value, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r"expected plain arrays, lists and bytes\. Received: "):
        unpickle(pickle.dumps(value))
    assert list(tmp_path.iterdir()) == []


@given(st.binary(max_size=200))
def test_damage_is_one_kind_of_error(content):
    with contextlib.suppress(ValueError):
        unpickle(content)
