"""Thousands of damaged files are read, or refused with a reason."""

import pytest

from bench.cifar.layouts import LAYOUTS
from tests.bench.cifar import published
from tests.fuzz.fuzzing import fuzz
from tests.fuzz.readers import READERS


@pytest.mark.parametrize("name", READERS)
def test_fuzz(name, tmp_path, monkeypatch, option, say):
    monkeypatch.setitem(LAYOUTS, "cifar10", published.SMALL)
    reader = READERS[name]
    count = max(option("--damages") // reader.cost, 1)
    counts = fuzz(reader, tmp_path, count, option("--seed"))
    refused = counts.pop("refused")
    ways = ", ".join(f"{number} {way}" for way, number in sorted(counts.items()))
    say(f"{name}: {count} damaged ({ways}), {refused} refused, {count - refused} read")
