"""Files of arrays: only what was asked for is unpacked, and never more than there is room for."""

import numpy as np
import pytest

from reports.sources import arrays
from reports.sources.arrays import read_arrays
from reports.sources.files import UnreadableError


def test_arrays_are_read_by_name(tmp_path):
    np.savez(tmp_path / "a.npz", one=[1, 2], two=np.float32(3), other=np.array([{}], dtype=object))
    found = read_arrays(tmp_path / "a.npz", ["one", "two", "three"])
    assert found.keys() == {"one", "two"}
    assert found["one"].tolist() == [1, 2]
    with pytest.raises(UnreadableError, match="not a file of arrays: Object arrays"):
        read_arrays(tmp_path / "a.npz")


def test_a_file_that_would_fill_the_memory_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "zeros.npz"
    np.savez_compressed(path, zeros=np.zeros(10**6), small=np.zeros(3))
    assert path.stat().st_size < 10**4
    monkeypatch.setattr(arrays, "MOST_BYTES", 10**6)
    with pytest.raises(
        UnreadableError, match=r"at most 1,000,000 bytes of arrays. Received: 8,000"
    ):
        read_arrays(path)
    assert read_arrays(path, ["small"])["small"].shape == (3,)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"text"])
def test_what_is_no_such_file_is_refused(tmp_path, content):
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(UnreadableError, match="not a file of arrays"):
        read_arrays(tmp_path / "a.npz")
