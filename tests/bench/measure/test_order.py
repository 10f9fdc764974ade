from collections import Counter
from itertools import islice, pairwise
from random import Random

import pytest

from bench.measure.order import Orders, design, orders


@pytest.mark.parametrize("count", range(1, 12))
def test_each_operator_follows_each_other_equally_often(count):
    rows = design(count)
    followed = Counter(pair for row in rows for pair in pairwise(row))
    times = 1 if count % 2 == 0 else 2
    pairs = [(a, b) for a in range(count) for b in range(count) if a != b]
    assert followed == dict.fromkeys(pairs, times)


@pytest.mark.parametrize("count", range(1, 12))
def test_each_operator_is_in_each_place_equally_often(count):
    rows = design(count)
    for column in zip(*rows, strict=True):
        assert sorted(column) == sorted(list(range(count)) * (len(rows) // count))


def test_orders_are_whole_designs_one_after_the_other_in_random_order():
    rows = list(islice(orders(5, Random(3)), 30))
    for start in (0, 10, 20):
        assert sorted(rows[start : start + 10]) == sorted(design(5))
    assert rows[:10] != rows[10:20]
    assert rows == list(islice(orders(5, Random(3)), 30))
    assert rows != list(islice(orders(5, Random(4)), 30))


def test_a_design_goes_on_after_rounds_of_fewer_operators():
    rounds = Orders(7)
    first = [rounds.next(9) for _ in range(8)]
    fewer = [rounds.next(3) for _ in range(5)]
    first += [rounds.next(9) for _ in range(10)]
    assert sorted(first) == sorted(design(9))
    assert sorted([*fewer, rounds.next(3)]) == sorted(design(3))
