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


def test_a_missing_case_makes_no_run_faster_or_slower():
    table = records(runs=12, noise=1e-6)
    gone = (table["run"] == "here-5") & table["series"].str.contains("involution native.*K9")
    found = history(table[~gone], Commits()).timelines[0]
    row = found.series.index[found.series["name"].eq("involution (native)")][0]
    assert found.values["ratio"][row] == pytest.approx(found.values["ratio"][row][0], rel=1e-4)


def test_few_cases_have_no_mean():
    found = history(records(runs=12, kernels=(3, 5)), Commits()).timelines[0]
    assert not found.series["is_mean"].any()
