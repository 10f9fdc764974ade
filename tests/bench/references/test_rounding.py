import numpy as np
import pytest

from bench.references.rounding import SAFETY, Growth, Roundoff

FLOAT32 = Roundoff(stored=2**-24, summed=2**-24)


def test_tolerance_by_hand():
    growth = Growth().then(terms=16).joined(Growth().then(terms=9).then_taps(taps=25))
    assert growth == Growth(stored=1 + 1 + 5, summed=4 + 3)
    assert growth.tolerance(Roundoff(stored=0.5, summed=0.25)) == SAFETY * (7 / 2 + 7 / 4)


def test_an_exponential_grows_with_its_argument():
    assert Growth(stored=2, summed=3).exponentiated(5) == Growth(stored=2 * 5 + 1, summed=3 * 5)


@pytest.mark.parametrize("terms", [49, 3136])
def test_sums_in_plain_order_stay_within_it_and_one_wrong_term_does_not(terms):
    chance = np.random.default_rng(0)
    left, right = chance.normal(size=(2, terms, 1000)).astype("float32")
    exact = (left.astype("float64") * right).sum(axis=0)
    allowed = Growth().then(terms).tolerance(FLOAT32) * np.abs(exact).max()
    found = np.zeros(1000, "float32")
    for product in left * right:
        found += product
    assert np.abs(found - exact).max() < allowed / 2
    wrong = found - left[-1] * right[-1] / 100
    assert np.abs(wrong - exact).max() > 10 * allowed
