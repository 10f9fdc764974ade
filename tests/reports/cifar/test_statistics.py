"""Statistics: against textbook values and simulated truths."""

import math

import numpy as np
import pytest
from scipy import stats

from reports.cifar.load import read
from reports.cifar.statistics import Estimate, difference, differences, is_as_published, summaries
from tests.reports.cifar import studies


def test_students_interval_of_three_seeds():
    # t with two degrees of freedom leaves 2.5 % above 4.302653.
    estimate = Estimate.of([0.70, 0.71, 0.72])
    half = 4.302653 * 0.01 / math.sqrt(3)
    assert estimate.mean == pytest.approx(0.71)
    assert estimate.deviation == pytest.approx(0.01)
    assert (estimate.low, estimate.high) == pytest.approx((0.71 - half, 0.71 + half))
    wide = 4.302653 * 0.01 * math.sqrt(4 / 3)
    assert estimate.further_run() == pytest.approx((0.71 - wide, 0.71 + wide))


def test_seeds_that_agree_have_an_interval_of_no_width():
    estimate = Estimate.of([0.1, 0.1])
    assert (estimate.low, estimate.mean, estimate.high) == (0.1, 0.1, 0.1)


def test_one_seed_has_no_spread():
    estimate = Estimate.of([0.7])
    assert estimate.mean == 0.7
    assert all(map(math.isnan, (estimate.low, estimate.deviation, *estimate.further_run())))


def test_the_intervals_hold_what_they_claim():
    random = np.random.default_rng(0)
    trials, held, expected, differing = 1000, 0, 0, 0
    for _ in range(trials):
        first, second = random.normal(0.7, 0.02, 4), random.normal(0.6, 0.05, 3)
        estimate = Estimate.of(first[:3])
        held += estimate.low <= 0.7 <= estimate.high
        low, high = estimate.further_run()
        expected += low <= first[3] <= high
        _, low, high = difference(first[:3], second)
        differing += low <= 0.1 <= high
    for count in (held, expected, differing):
        assert 0.93 <= count / trials <= 0.98


def test_welchs_interval_of_equal_spreads_is_students():
    # Four degrees of freedom, of which t leaves 2.5 % above 2.776445.
    mean, low, high = difference([0.70, 0.71, 0.72], [0.40, 0.41, 0.42])
    half = 2.776445 * math.sqrt(2 * 0.01**2 / 3)
    assert (mean, low, high) == pytest.approx((0.3, 0.3 - half, 0.3 + half))


def test_welchs_interval_when_one_model_does_not_vary():
    # The other model's two degrees of freedom alone count.
    _, low, high = difference([0.7, 0.7, 0.7], [0.40, 0.45, 0.50])
    assert (high - low) / 2 == pytest.approx(4.302653 * 0.05 / math.sqrt(3))


def test_welchs_interval_by_its_formula():
    random = np.random.default_rng(1)
    for _ in range(200):
        first = random.normal(0.7, 0.02, random.integers(2, 8))
        second = random.normal(0.6, 0.05, random.integers(2, 8))
        errors = [np.var(values, ddof=1) / len(values) for values in (first, second)]
        inverse = sum(
            (error / sum(errors)) ** 2 / (len(values) - 1)
            for error, values in zip(errors, (first, second), strict=True)
        )
        half = stats.t.ppf(0.975, 1 / inverse) * math.sqrt(sum(errors))
        mean, low, high = difference(first, second)
        assert (low, high) == pytest.approx((mean - half, mean + half), abs=1e-12)


@pytest.mark.parametrize(("first", "second"), [([0.7], [0.4, 0.5]), ([0.7, 0.7], [0.4, 0.4])])
def test_a_difference_without_spread_has_no_interval(first, second):
    mean, low, high = difference(first, second)
    assert mean == pytest.approx(np.mean(first) - np.mean(second))
    assert math.isnan(low)
    assert math.isnan(high)


def test_only_finished_runs_count(tmp_path):
    runs = [
        studies.run(seed=0, final=0.70),
        studies.run(seed=1, final=0.72),
        studies.run(seed=2, final=0.10, state="diverged"),
        studies.run(seed=3, final=0.10, state="stopped"),
        studies.run("tutorial_inn", state="stopped"),
    ]
    (found,) = summaries(read(studies.write(tmp_path, runs)).content)
    assert found.accuracy.values == (0.70, 0.72)
    assert differences([found]) == []


def test_times_leave_out_compilation(tmp_path):
    runs = [
        studies.run(epoch_seconds=[90.0, 10.0, 80.0, 12.0], compiled_epochs=[0, 2]),
        studies.run(seed=1, epoch_seconds=[90.0, 11.0, 10.0, 12.0], input_seconds=None),
    ]
    (found,) = summaries(read(studies.write(tmp_path, runs)).content)
    assert sorted(found.epoch_seconds) == [10.0, 10.0, 11.0, 12.0, 12.0]
    assert found.seconds == 11.0
    assert found.input_share == pytest.approx(0.1 / 11.0)


def test_one_epoch_alone_has_no_time(tmp_path):
    record = studies.run(epoch_seconds=[9.0])
    record["history"] = {name: values[:1] for name, values in record["history"].items()}
    (found,) = summaries(read(studies.write(tmp_path, [record])).content)
    assert math.isnan(found.seconds)
    assert math.isnan(found.input_share)


@pytest.mark.parametrize(
    ("final", "verdict"), [(0.2, "worse"), (0.72, "undecided"), (0.9, "better")]
)
def test_verdicts(tmp_path, final, verdict):
    runs = [studies.run(seed=s, final=0.70 + 0.01 * s) for s in range(3)]
    runs += [studies.run("tutorial_inn", s, final + 0.01 * s) for s in range(3)]
    (found,) = differences(summaries(read(studies.write(tmp_path, runs)).content))
    assert found.verdict == verdict
    assert found.accuracy[0] == pytest.approx(final - 0.70)


def test_only_the_tutorials_settings_are_held_against_it(study, tmp_path):
    assert not is_as_published(read(study).content)  # four epochs
    settings = {"epochs": 20, "batch": 256, "learning_rate": 0.001, "augment": False}
    assert is_as_published(read(studies.write(tmp_path / "same", settings=settings)).content)
    other = {"dataset": "cifar100"}
    folder = studies.write(tmp_path / "other", settings=settings, data=other)
    assert not is_as_published(read(folder).content)
