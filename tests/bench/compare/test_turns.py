from itertools import islice

from bench.compare.kept import KeptRuns
from bench.compare.turns import is_time_over, pairs, turns


def test_each_side_is_first_in_every_other_pair():
    order = [side[0] for number in range(1, 5) for side in turns(number)]
    assert "".join(order) == "baabbaab"


def test_pairs_end_or_go_on():
    assert list(pairs(3)) == [1, 2, 3]
    assert list(islice(pairs(None), 4)) == [1, 2, 3, 4]


def test_a_pair_begins_if_it_is_likely_to_end_in_time():
    assert not is_time_over(9, spent=1e9, minutes=None)
    assert not is_time_over(2, spent=1e9, minutes=1.0)  # two at least
    # Two pairs took 40 s each: a third ends after 120 s.
    assert not is_time_over(3, spent=80.0, minutes=2.0)
    assert is_time_over(3, spent=80.0, minutes=1.9)


def test_the_time_of_the_pairs_before_counts_and_no_other(tmp_path):
    kept = KeptRuns(tmp_path)
    for number in (1, 2, 3):
        for side in ("before", "after"):
            kept.finish(side, number, 10.0 * number)
    assert [kept.seconds_before(number) for number in (1, 2, 3, 9)] == [0.0, 20.0, 60.0, 120.0]
