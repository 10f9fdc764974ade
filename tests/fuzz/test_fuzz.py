"""Damaged files are read or refused with a reason; `tests/acceptance` damages many more."""

import pytest

from bench.cifar.layouts import LAYOUTS
from tests.bench.cifar import published
from tests.fuzz.fuzzing import fuzz
from tests.fuzz.readers import READERS

# Of a reader that takes no time.
COUNT = 60


@pytest.mark.parametrize("name", READERS)
def test_a_damaged_file_is_read_or_refused(name, tmp_path, monkeypatch):
    monkeypatch.setitem(LAYOUTS, "cifar10", published.SMALL)
    reader = READERS[name]
    count = max(COUNT // reader.cost, 4)
    counts = fuzz(reader, tmp_path, count)
    assert sum(counts.values()) - counts["refused"] == count
