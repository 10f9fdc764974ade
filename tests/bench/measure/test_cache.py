import pytest

from bench.measure import cache
from bench.measure.cache import (
    LONG_CALL,
    MOST_CALLS,
    MOST_WARMING_CALLS,
    TURN,
    UNKNOWN_CACHE,
    WARMING,
    before,
    last_cache_bytes,
    repeats,
)


@pytest.mark.parametrize(
    ("seconds", "times"),
    [
        (LONG_CALL, 0),  # it fills the caches by itself
        (LONG_CALL / 2, 1),
        (WARMING, 1),
        (WARMING / 3.5, 4),
        (WARMING / 1000, MOST_WARMING_CALLS),
    ],
)
def test_a_warm_call_follows_calls_of_its_own(seconds, times):
    calls = []
    before(lambda: calls.append(1), seconds, "warm")()
    assert len(calls) == times


def test_a_cold_call_follows_a_wash_of_twice_the_last_cache(monkeypatch):
    washed = []
    monkeypatch.setattr(cache, "writer", lambda size: lambda: washed.append(size))
    monkeypatch.setattr(cache, "last_cache_bytes", lambda: 1000)
    cache._wash.cache_clear()
    try:
        before(lambda: washed.append("call"), 0.0, "cold")()
    finally:
        cache._wash.cache_clear()
    assert washed == [2000]


def test_the_largest_cache_is_the_last(tmp_path, monkeypatch):
    for number, size in enumerate(["48K", "1024K", "32M", "32K"]):
        folder = tmp_path / f"index{number}"
        folder.mkdir()
        (folder / "size").write_text(f"{size}\n")
    monkeypatch.setattr(cache, "CACHES", tmp_path)
    monkeypatch.setattr(cache, "ACCELERATED", False)
    assert last_cache_bytes() == 32 * 2**20


@pytest.mark.parametrize("text", [None, "", "many"])
def test_a_system_that_does_not_tell_has_a_large_one(tmp_path, monkeypatch, text):
    if text is not None:
        (tmp_path / "index0").mkdir()
        (tmp_path / "index0" / "size").write_text(text)
    monkeypatch.setattr(cache, "CACHES", tmp_path)
    monkeypatch.setattr(cache, "ACCELERATED", False)
    assert last_cache_bytes() == UNKNOWN_CACHE


@pytest.mark.parametrize(
    ("seconds", "calls"),
    [(2 * TURN, 1), (TURN, 1), (TURN / 3.5, 3), (TURN / 1000, MOST_CALLS)],
)
def test_short_operators_are_called_for_a_while(seconds, calls):
    assert repeats(seconds, "warm") == calls
    assert repeats(seconds, "cold") == 1
