"""What unchanged operators say about the state of the machine."""

import numpy as np
import pandas as pd
import pytest

from reports.sweeps.drift import LEAST_OTHERS, Drift, drifted, drifts

# Upper quartile of a normal distribution, from a table.
NORMAL = 0.67449
MANY = 1e9


def means(changes, variance=0.0, degrees=MANY):
    """One mean for each operator: "a" has the first change, "b" the second."""
    return pd.DataFrame(
        {
            "operator": list("abcdefgh"[: len(changes)]),
            "log_change": changes,
            "variance": variance,
            "degrees": degrees,
        }
    )


def test_the_median_of_the_others_by_hand():
    found = drifts(means([9.0, 0.1, -0.2, 0.3], variance=0.001))
    # Of "b", "c" and "d" the second largest is 0.2; for "d" the others are 9, 0.1 and 0.2.
    assert found["a"].variance == pytest.approx((0.2 / NORMAL) ** 2 - 0.001, rel=1e-4)
    assert found["d"].variance == pytest.approx((0.2 / NORMAL) ** 2 - 0.001, rel=1e-4)
    assert found["a"].degrees == 3


def test_a_shift_that_all_share_counts():
    found = drifts(means([0.12] * 5))
    assert np.sqrt(found["a"].variance) == pytest.approx(0.12 / NORMAL, rel=1e-4)


def test_two_that_changed_of_seven_hardly_move_it():
    found = drifts(means([0.0, 0.5, 0.5, 0.01, -0.01, 0.01, -0.01], variance=0.01**2))
    assert np.sqrt(found["a"].variance) < 0.015


def test_what_the_scatter_of_processes_explains_is_no_drift():
    assert drifts(means([0.0, 0.02, -0.02, 0.02], variance=0.04**2))["a"].variance == 0.0


def test_an_operator_has_one_voice_for_all_its_implementations():
    table = means([0.0, 0.5, 0.5, 0.5, 0.01, 0.01])
    table["operator"] = ["a", "b", "b", "b", "c", "d"]
    assert drifts(table)["a"].variance == pytest.approx((0.01 / NORMAL) ** 2, rel=1e-4)


@pytest.mark.parametrize("changes", [[0.1], [0.1, 0.1], [0.1, np.nan, 0.1]])
def test_too_few_others_tell_nothing(changes):
    assert len(changes) <= LEAST_OTHERS + 1
    assert "a" not in drifts(means(changes))


def test_sums_have_the_degrees_of_freedom_of_satterthwaite():
    changes = means([0.1, 0.1], variance=0.01, degrees=4.0)
    found = drifted(changes, {"a": Drift(0.01, 6)})
    assert found["variance"].tolist() == [0.02, 0.01]
    # (0.01 + 0.01)² / (0.01² / 4 + 0.01² / 6) = 9.6
    assert found["degrees"].tolist() == pytest.approx([9.6, 4.0])
