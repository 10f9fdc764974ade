"""Coverage: simulated intervals hold the truth about as often as they say."""

import numpy as np
import pytest
from scipy.signal import lfilter
from scipy.special import ndtr, stdtrit

from bench.measure.stopping import LOOKS, confidence
from reports.sweeps.intervals import LEAST_ROUNDS, intervals

RANDOM = np.random.default_rng(0)
RUNS = 4000
# Noise of one round, relative.
SPREAD = 0.05
SETTLING = 50


def correlated(random, runs, rounds, correlation):
    """Normal noise, each round correlated with the next."""
    steps = random.standard_normal((runs, rounds + SETTLING))
    weights = [np.sqrt(1 - correlation**2)], [1, -correlation]
    return lfilter(*weights, steps, axis=1)[:, SETTLING:]


def as_it_is(noise, random):
    return np.exp(SPREAD * noise)


def heavy_tailed(noise, random):
    """Student's t with three degrees of freedom, as correlated as the noise."""
    return np.exp(SPREAD * stdtrit(3, ndtr(noise)))


def with_outliers(noise, random):
    """One round in twenty takes up to three times as long."""
    factor = random.uniform(1, 3, noise.shape)
    return np.exp(SPREAD * noise) * np.where(random.random(noise.shape) < 0.05, factor, 1)


def drifting(noise, random):
    """A straight drift over the run, from end to end as large as the noise of a round."""
    return np.exp(SPREAD * (noise + np.linspace(-0.5, 0.5, noise.shape[1])))


SHAPES = (as_it_is, heavy_tailed, with_outliers, drifting)
# Outliers move the median itself.
TRUTHS = dict.fromkeys(SHAPES, 1.0) | {
    with_outliers: np.median(with_outliers(RANDOM.standard_normal(1_000_000), RANDOM))
}


def runs_of(shape, rounds, correlation=0.0, runs=RUNS):
    random = np.random.default_rng([rounds, round(100 + 100 * correlation)])
    return shape(correlated(random, runs, rounds, correlation), random) / TRUTHS[shape]


def share_held(found, truth=1.0):
    return ((found[:, 0] <= truth) & (truth <= found[:, 1])).mean()


def band(rounds):
    """The shares of runs in which 95 % intervals hold their median, as `intervals` says."""
    if rounds == LEAST_ROUNDS:
        return 0.915, 0.975
    return 0.93, 0.98 if rounds < 13 else 0.975 if rounds < 30 else 0.97


def widened(low, high, runs=RUNS):
    """A band with two standard errors of the simulation on either side."""
    return low - 2 * np.sqrt(low * (1 - low) / runs), high + 2 * np.sqrt(high * (1 - high) / runs)


ROUNDS = [6, 7, 8, 10, 12, 13, 16, 20, 25, 30, 40, 50, 100, 300, 1000]
# A monotonic change of the noise leaves its ranks as they are; a few numbers of rounds show that.
TABLE = [(shape, rounds) for shape in (as_it_is, with_outliers) for rounds in ROUNDS] + [
    *((heavy_tailed, rounds) for rounds in (6, 12, 30, 100)),
    # A drift within fewer rounds cannot be told from dependence.
    *((drifting, rounds) for rounds in (50, 100, 300, 1000)),
]


@pytest.mark.parametrize(("shape", "rounds"), TABLE)
@pytest.mark.parametrize("correlation", [0.0, 0.15, 0.3])
def test_intervals_of_a_process_hold_its_median_about_as_often_as_they_say(
    shape, rounds, correlation
):
    runs = RUNS if rounds < 300 else RUNS // 2
    found = intervals(runs_of(shape, rounds, correlation, runs))
    low, high = widened(*band(rounds), runs)
    assert low <= share_held(found) <= high


@pytest.mark.parametrize("rounds", [50, 200])
@pytest.mark.parametrize("correlation", [0.0, 0.3])
def test_a_larger_drift_or_alternating_rounds_make_no_interval_too_narrow(rounds, correlation):
    low, _ = widened(*band(rounds))
    noise = correlated(RANDOM, RUNS, rounds, correlation)
    steep = np.exp(SPREAD * (noise + np.linspace(-2, 2, rounds)))
    assert share_held(intervals(steep)) >= low
    assert share_held(intervals(runs_of(as_it_is, rounds, -correlation))) >= low


def test_intervals_blind_to_dependence_would_fail_the_table():
    """In random order the same rounds show no dependence."""
    samples = runs_of(as_it_is, 100, 0.3)
    blind = intervals(RANDOM.permuted(samples, axis=1))
    assert share_held(blind) < 0.92 < share_held(intervals(samples))


@pytest.mark.parametrize(
    ("level", "low", "high"),
    [
        (0.5, 0.47, 0.57),
        (0.8, 0.77, 0.86),
        (0.99, 0.98, 0.998),
        (0.9929, 0.985, 0.999),
        (0.9999, 0.998, 1),
    ],
)
@pytest.mark.parametrize("correlation", [0.0, 0.3])
@pytest.mark.parametrize("rounds", [16, 50, 200])
def test_other_levels_hold_about_as_often_as_they_say(rounds, correlation, level, low, high):
    samples = runs_of(with_outliers, rounds, correlation)
    assert low <= share_held(intervals(samples, confidence=level)) <= high


@pytest.mark.parametrize("shape", [as_it_is, with_outliers])
@pytest.mark.parametrize("correlation", [0.0, 0.3])
@pytest.mark.parametrize("noise", [1, 10])
def test_looks_of_a_stopping_rule_call_equals_different_about_as_often_as_allowed(
    shape, correlation, noise
):
    """All looks share 5 %: a ratio is called different if its interval leaves 1 +- 2 %."""
    ratios = runs_of(shape, LOOKS[-1], correlation, 2000) ** noise
    wrong, running = 0, np.ones(len(ratios), dtype=bool)
    for look, rounds in enumerate(LOOKS):
        needed = confidence(look, look)
        low, high = intervals(ratios[running, :rounds], confidence=needed).T
        different, equal = (low > 1.02) | (high < 0.98), (low >= 0.98) & (high <= 1.02)
        wrong += different.sum()
        running[running] = ~(different | equal)
    assert wrong / len(ratios) <= 0.05


def runs_of_processes(processes, rounds, shape=with_outliers):
    """Rounds of processes in turn, which have effects as large as the noise of a round."""
    random = np.random.default_rng([processes, rounds])
    effects = np.exp(SPREAD * random.standard_normal((RUNS, processes)))
    samples = runs_of(shape, rounds, 0.3, RUNS * processes).reshape(RUNS, processes, rounds)
    numbers = np.repeat(np.arange(1, processes + 1), rounds).tolist()
    return (effects[:, :, None] * samples).reshape(RUNS, -1), numbers, effects


@pytest.mark.parametrize("rounds", [6, 25, 60])
@pytest.mark.parametrize("processes", [3, 4, 6, 10, 20])
def test_intervals_of_processes_hold_the_truth_about_as_often_as_they_say(processes, rounds):
    samples, numbers, _ = runs_of_processes(processes, rounds)
    low, high = widened(0.93, 0.97)
    assert low <= share_held(intervals(samples, numbers)) <= high


@pytest.mark.parametrize("rounds", [8, 25, 60])
@pytest.mark.parametrize("processes", [1, 2])
def test_one_or_two_processes_hold_their_own_median_about_as_often_as_they_say(processes, rounds):
    samples, numbers, effects = runs_of_processes(processes, rounds)
    own = np.exp(np.log(effects).mean(axis=1))
    low, high = widened(*band(rounds))
    assert low <= share_held(intervals(samples, numbers), own) <= high
    assert share_held(intervals(samples, numbers)) < 0.8
