import argparse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.session.shards import chosen, shard


@given(keys=st.lists(st.integers(0, 20)), count=st.integers(1, 9))
def test_shards_have_everything_once_and_keep_equal_keys_together(keys, count):
    shards = [chosen(keys, number, count) for number in range(1, count + 1)]
    assert all(sum(of_entry) == 1 for of_entry in zip(*shards, strict=True))
    for taken in shards:
        mine = {key for key, is_taken in zip(keys, taken, strict=True) if is_taken}
        assert all(is_taken == (key in mine) for key, is_taken in zip(keys, taken, strict=True))
    sizes = [len({k for k, t in zip(keys, taken, strict=True) if t}) for taken in shards]
    assert max(sizes) - min(sizes) <= 1


def test_a_shard_is_a_number_of_a_count():
    assert shard("2/3") == (2, 3)


@pytest.mark.parametrize("text", ["", "1", "0/2", "3/2", "a/b", "1/2/3", "-1/2", "1.0/2"])
def test_anything_else_is_refused(text):
    with pytest.raises(argparse.ArgumentTypeError, match="expected i/n"):
        shard(text)
