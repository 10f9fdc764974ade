"""The scatter between two runs that their own scatter does not explain."""

import numpy as np
import pytest

from reports.sweeps.surplus import EXPECTED_CASES, surplus

RANDOM = np.random.default_rng(0)
# Upper quartiles of a normal distribution and of Student's t with five degrees, from tables.
NORMAL, STUDENT = 0.67449, 0.72669
MANY = 1e9


def of(changes, variance=0.0, groups=0, degrees=MANY, expected=0.0):
    size = len(changes)
    return surplus(
        np.asarray(changes, float),
        np.broadcast_to(np.asarray(variance, float), size),
        np.full(size, degrees),
        np.broadcast_to(groups, size).astype(int),
        expected,
    )


@pytest.mark.parametrize(("degrees", "quantile"), [(MANY, NORMAL), (5.0, STUDENT)])
def test_three_cases_by_hand(degrees, quantile):
    # Differences 0.1, 0.2 and 0.3; each has twice the variance of a case, of which 0.001 is known.
    # Three cases of one group leave two free values.
    raw = (0.2 / quantile) ** 2 / 2 - 0.001
    found = of([0.0, 0.1, 0.3], 0.001, degrees=degrees)
    assert found == pytest.approx(raw * 2 / (2 + EXPECTED_CASES), rel=1e-4)


def test_what_was_expected_counts_as_some_cases():
    raw = (0.2 / NORMAL) ** 2 / 2
    share = EXPECTED_CASES / (2 + EXPECTED_CASES)
    found = of([0.0, 0.1, 0.3], expected=0.5)
    assert found == pytest.approx(raw * (1 - share) + 0.5 * share, rel=1e-4)
    assert of([0.1], expected=0.5) == 0.5
    assert of([], expected=0.5) == 0.5


def test_scatter_that_is_explained_has_no_surplus():
    changes = RANDOM.normal(0, 0.02, 300)
    assert of(changes, 0.04**2) == 0.0
    assert of(changes, 0.02**2) < 0.01**2


@pytest.mark.parametrize("changed", [0, 15])
def test_a_planted_surplus_is_recovered_though_some_cases_changed(changed):
    changes = RANDOM.normal(0, np.hypot(0.02, 0.03), 300)
    changes[:changed] += 0.5
    assert np.sqrt(of(changes, 0.02**2)) == pytest.approx(0.03, rel=0.15)


def test_a_change_common_to_a_group_is_no_scatter():
    groups = np.arange(300) % 6
    changes = RANDOM.normal(0, 0.02, 300) + np.array([0, 0.3, -0.4, 0.1, 0.7, 0])[groups]
    assert of(changes, 0.02**2, groups) < 0.01**2
    assert of(changes, 0.02**2) > 0.1**2


def test_cases_without_a_variance_do_not_count():
    changes = np.array([0.0, 0.1, 0.3, 9.0])
    variance = np.array([0.001, 0.001, 0.001, np.nan])
    assert of(changes, variance) == of(changes[:3], 0.001)
