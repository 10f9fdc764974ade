"""What a history says that it would find."""

import numpy as np
import pytest

from reports.history.change_points import search
from reports.history.history import history
from reports.history.reach import reach
from reports.history.summary import summary
from tests.acceptance.planted import Planted, timeline
from tests.reports.history.simulated import commits, records

SERIES = 10


def searched(runs, series=SERIES, seed=0, plants=()):
    noise = np.random.default_rng(seed).normal(0, 0.03, (series, runs))
    return search([timeline(noise, plants)])


def is_found(runs, later, factor, seed, series=SERIES):
    place = runs - later
    points = searched(runs, series, seed, [Planted(0, place, factor)]).points
    return any(each.series == 0 and each.before < place <= each.after for each in points)


def test_what_it_says_is_found_about_as_often_as_it_says():
    said = reach(searched(60))
    found = [is_found(60, said.later, 1 + said.size, seed) for seed in range(30)]
    # 24 are expected; the search for its place costs some.
    assert 17 <= sum(found) <= 29


def test_in_a_short_history_of_many_series_no_change_is_found_however_large():
    said = reach(searched(14, 80))
    assert said.later is None
    assert np.isnan(said.size)
    assert not any(is_found(14, later, 100.0, seed=1, series=80) for later in (5, 6, 7))
    assert reach(searched(said.needed + 1, 80)).later is not None


def test_a_change_in_more_series_needs_more_commits():
    few, many = (reach(searched(60, count)) for count in (2, 200))
    assert few.later <= many.later


def test_without_a_ratio_there_is_nothing_to_say():
    assert reach(searched(5, 3)) is None


@pytest.mark.parametrize(
    ("runs", "said"),
    [(30, "commits have it"), (12, "too few commits to find a change of any size")],
)
def test_the_page_says_it(runs, said):
    assert said in summary(history(records(runs=runs), commits(runs)))
