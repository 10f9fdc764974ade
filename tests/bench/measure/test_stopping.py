import numpy as np
import pytest

from bench.measure.stopping import LOOKS, confidence, judged

LOOK = confidence(0, 0)
LAST = len(LOOKS) - 1
RANDOM = np.random.default_rng(5)


def ratios(middle, deviation, rounds):
    return middle * np.exp(deviation * RANDOM.standard_normal(rounds))


@pytest.mark.parametrize(
    ("middle", "deviation", "rounds", "found"),
    [
        (0.5, 0.1, 12, "decided"),
        (1.5, 0.1, 12, "decided"),
        (1.0, 0.001, 12, "decided"),
        (1.02, 0.003, 50, "precise"),
        (1.0, 0.2, 50, None),
        (1.05, 0.2, 25, None),
    ],
)
def test_a_look_says_whether_the_rounds_suffice(middle, deviation, rounds, found):
    assert judged(ratios(middle, deviation, rounds), None, 0.01, LOOK) == found


def test_equal_operators_are_seldom_told_apart_at_any_look():
    wrong = 0
    for _ in range(300):
        rounds = ratios(1, 0.05, LOOKS[-1])
        for look in LOOKS:
            if judged(rounds[:look], None, 1e-9, LOOK):
                wrong += not 0.98 <= np.median(rounds[:look]) <= 1.02
                break
    assert wrong <= 0.05 * 300


def test_a_twin_that_scatters_as_much_leaves_no_verdict():
    slower = ratios(1.1, 0.01, 25)
    assert judged(slower, None, 1e-9, LOOK) == "decided"
    assert judged(slower, ratios(1, 0.01, 25), 1e-9, LOOK) == "decided"
    assert judged(slower, ratios(1, 0.8, 25), 1e-9, LOOK) is None


def test_all_looks_together_err_as_often_as_one_interval():
    shares = [1 - confidence(look, look) for look in range(len(LOOKS))]
    assert sum(shares) == pytest.approx(0.05)
    for look in range(len(LOOKS)):
        # Looks before one that is the first, or after one that is the last, leave it their parts.
        assert sum(shares[: look + 1]) == pytest.approx(1 - confidence(0, look))
        assert sum(shares[look:]) == pytest.approx(1 - confidence(look, LAST))


def test_rounds_that_ended_before_the_first_look_can_decide():
    far = ratios(0.3, 0.05, LOOKS[0] - 1)
    assert judged(far, None, 1e-9, LOOK) is None
    assert judged(far, None, 1e-9, confidence(0, LAST)) == "decided"
