"""Operators as the mean of their cases."""

import numpy as np
import pytest

from reports.history.commits import Commits
from reports.history.history import history
from tests.reports.history.simulated import records


@pytest.fixture
def timeline():
    return history(records(runs=12), Commits()).timelines[0]


def test_a_mean_is_the_geometric_mean_of_the_cases(timeline):
    series, ratios = timeline.series, timeline.values["ratio"]
    means = series[series["is_mean"]]
    assert len(means) == 8
    assert set(means["label"]) == {"mean of 4 cases"}
    for place, mean in means.iterrows():
        is_case = (series["name"] == mean["name"]) & (series["direction"] == mean["direction"])
        cases = ratios[(is_case & ~series["is_mean"]).to_numpy()]
        assert ratios[place] == pytest.approx(np.exp(np.log(cases).mean(axis=0)))


def test_a_run_that_lacks_a_case_has_no_mean():
    table = records(runs=12, noise=1e-6)
    gone = (table["run"] == "here-5") & table["series"].str.contains("involution native.*K9")
    found = history(table[~gone], Commits()).timelines[0]
    row = found.series.index[found.series["name"].eq("involution (native)")][0]
    mean = found.values["ratio"][row]
    assert np.flatnonzero(np.isnan(mean)).tolist() == [5]
    assert np.nanmax(mean) == pytest.approx(np.nanmin(mean), rel=1e-4)


def test_a_case_that_joins_makes_no_operator_slower():
    slower = [("involution", "native", 8, 1.5)]
    table = records(runs=16, noise=1e-6, changes=slower)
    joins = (table["measured_at"].dt.day_of_year <= 12) & table["series"].str.contains("K9")
    found = history(table[~joins], Commits()).timelines[0]
    row = found.series.index[found.series["name"].eq("involution (native)")][0]
    mean = found.values["ratio"][row]
    assert found.series["label"][row] == "mean of 3 cases"
    assert mean / mean[0] == pytest.approx(np.repeat([1, 1.5], 8), rel=1e-4)


def test_few_cases_have_no_mean():
    found = history(records(runs=12, kernels=(3, 5)), Commits()).timelines[0]
    assert not found.series["is_mean"].any()
