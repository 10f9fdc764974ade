"""Verdicts on changes, against published tables and examples."""

from math import exp, inf, log, nan

import numpy as np
import pandas as pd
import pytest

from reports.sweeps.significance import judged, p_values

# Student's t with five degrees of freedom, upper tails of 0.025 and of 0.025 / 10.
HALF, HALF_OF_TEN = 2.5706, 4.7733
NORMAL_80 = 0.84162

# The example of Benjamini and Hochberg (1995): of 15 p-values four are significant at 5 %, three
# by Bonferroni.
PUBLISHED = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
]


def table(changes, errors=0.01, degrees=5.0):
    logs = np.log(np.asarray(changes, float))
    return pd.DataFrame(
        {
            "log_change": logs,
            "variance": np.broadcast_to(errors, len(logs)) ** 2,
            "degrees": degrees,
        }
    )


def test_the_published_example_has_four_discoveries():
    from_tables = np.array([3.8906, 3.5401, 3.1053, 2.5932, 2.3242, 2.1999, 2.1728, 2.1149])
    # The errors make the two-sided normal test of a change of 50 % give each p-value.
    errors = log(1.5) / from_tables
    assert p_values(np.full(8, log(1.5)), errors, np.full(8, 1e9)) == pytest.approx(
        PUBLISHED[:8], abs=5e-5
    )
    rest = np.full(7, log(1.5)) / [1.996, 0.986, 0.796, 0.565, 0.450, 0.307, 1e-9]
    found = judged(table([1.5] * 15, np.r_[errors, rest], 1e9), 0.05)
    assert found["p_value"].to_numpy() == pytest.approx(PUBLISHED, abs=1e-3)
    assert (found["verdict"] == "slower").tolist() == [True] * 4 + [False] * 11


def test_an_interval_is_that_of_the_tables():
    [row] = judged(table([1.2]), 0.05).to_dict("records")
    assert row["change"] == pytest.approx(1.2)
    assert row["low"] == pytest.approx(1.2 * exp(-0.01 * HALF), rel=1e-5)
    assert row["high"] == pytest.approx(1.2 * exp(0.01 * HALF), rel=1e-5)


@pytest.mark.parametrize(
    ("change", "error", "threshold", "verdict"),
    [
        (1.5, 0.01, 0.05, "slower"),
        (1.5, 0.01, 0.60, "unchanged"),
        (1 / 1.5, 0.01, 0.05, "faster"),
        (1.06, 0.01, 0.05, "slower"),  # its estimate, not its interval, is beyond the threshold
        (1.04, 0.01, 0.05, "undecided"),  # significant, but small
        (1.04, 0.001, 0.05, "unchanged"),  # significant, and surely small
        (1.5, 0.5, 0.05, "undecided"),  # large, but not significant
        (1.0, 0.01, 0.05, "unchanged"),
        (1.0, 0.03, 0.05, "undecided"),
        (1.001, 0.0001, 0.0, "slower"),
        (1.0, 0.0, 0.05, "unchanged"),
        (1.06, 0.0, 0.05, "slower"),
        (nan, 0.01, 0.05, "undecided"),
        (1.5, nan, 0.05, "undecided"),
        (1.5, inf, 0.05, "undecided"),
    ],
)
def test_a_verdict_needs_significance_and_size(change, error, threshold, verdict):
    found = judged(table([change], error), threshold)
    assert found["verdict"].tolist() == [verdict]


def test_changes_without_a_test_do_not_count_among_the_tests():
    # 0.04 is significant alone, and not among two; here the second has no test.
    error = log(1.5) / 2.0537
    assert judged(table([1.5, 1.5], [error, nan], 1e9), 0.05)["verdict"].iloc[0] == "slower"
    assert judged(table([1.5, 1.0], [error, 0.1], 1e9), 0.05)["verdict"].iloc[0] == "undecided"


def test_what_is_detectable_by_hand():
    found = judged(table([1.0] * 10, 0.02, 5.0), 0.05)["detectable"]
    scatter = np.sqrt(1 + HALF_OF_TEN**2 / 10)
    by_hand = exp(0.02 * (HALF_OF_TEN * (1 - 1 / 20) + NORMAL_80 * scatter)) - 1
    assert found.tolist() == pytest.approx([by_hand] * 10, rel=1e-4)


def test_nothing_within_the_threshold_is_detectable():
    found = judged(table([1.0], 0.001, 1e9), 0.05)["detectable"].iloc[0]
    assert found == pytest.approx(1.05 * exp(0.001 * NORMAL_80) - 1, rel=1e-6)
    assert np.isnan(judged(table([1.0], nan), 0.05)["detectable"].iloc[0])


def test_no_rows_are_no_fault():
    assert judged(table([]), 0.05).empty
