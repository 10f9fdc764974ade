"""Change points that one commit explains."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from reports.history import opening
from reports.history.change_points import ChangePoint, search
from reports.history.commits import Commits
from reports.history.events import events
from reports.history.history import history
from reports.history.timelines import timelines
from tests.acceptance.planted import timeline
from tests.reports.history.simulated import commits, records


def point(series, place, change=1.1, reach=1, **other):
    return ChangePoint(
        0, series, place, place - 1 - reach, place + reach, change, 1, 2, 1e-6, False, **other
    )


def test_changes_whose_places_overlap_are_one_event():
    (event,) = events([point(0, 20), point(1, 21), point(2, 20)])
    assert event.place == 20
    assert {each.series for each in event.points} == {0, 1, 2}


def test_changes_apart_and_of_other_directions_are_events_of_their_own():
    found = events([point(0, 20), point(1, 30), point(2, 20, 0.8)])
    assert sorted((event.place, event.is_slower) for event in found) == [
        (20, False),
        (20, True),
        (30, True),
    ]


def test_the_event_that_matters_most_is_first_and_what_was_undone_matters_not():
    found = events([point(0, 20, 1.5, undone=25), point(1, 30, 1.1), point(2, 40, 1.2)])
    assert [event.place for event in found] == [40, 30, 20]


def test_all_cases_of_an_operator_that_got_slower_are_one_event_and_no_other_changed():
    told = history(records(changes=[("involution", "native", 18, 1.15)], shared=0.02), commits(30))
    (event,) = told.events
    changed = told.timelines[0].series.iloc[[each.series for each in event.points]]
    assert abs(event.place - 18) <= 1
    assert len(changed) == 10
    assert changed["is_mean"].sum() == 2
    assert set(changed["name"]) == {"involution (native)"}
    assert np.median([each.change for each in event.points]) == pytest.approx(1.15, abs=0.03)


def test_a_slower_baseline_is_told_in_seconds():
    told = history(records(changes=[("convolution", "keras", 12, 1.2)]), Commits())
    points = told.searched.points
    assert points
    assert {told.timelines[0].series["quantity"].iloc[each.series] for each in points} == {
        "seconds"
    }


def test_a_change_that_is_undone_says_since_when():
    changes = [("involution", "native", 10, 1.2), ("involution", "native", 20, 1 / 1.2)]
    told = history(records(changes=changes), commits(30))
    slower, faster = sorted(told.events, key=lambda event: event.place)
    assert not slower.lasting
    assert {each.undone for each in slower.points} <= {19, 20, 21}
    assert len(faster.lasting) == 10


def test_a_slowdown_beyond_the_old_level_is_news_though_it_ends_a_gain():
    changes = [("involution", "native", 10, 0.7), ("involution", "native", 30, 2.0)]
    told = history(records(runs=45, changes=changes), commits(45))
    slower, faster = sorted(told.events, key=lambda event: -event.place)
    assert not faster.lasting
    assert not slower.is_return
    assert {each.undoes for each in slower.points} == {None}
    assert "takes 2.0" in opening.title(told) or "takes 1.9" in opening.title(told)


@pytest.mark.parametrize(("end", "title"), [(30, "takes 1.4"), (16, "Nothing got slower")])
def test_the_loss_of_a_gain_is_news_if_it_had_been_held(end, title):
    changes = [("involution", "native", 10, 0.7), ("involution", "native", end, 1 / 0.7)]
    told = history(records(runs=45, changes=changes), commits(45))
    assert title in opening.title(told)


def test_the_title_names_what_lasts_alone():
    table = records(changes=[("involution", "native", 10, 1.3), ("involution", "fused", 10, 1.3)])
    is_undone = (table["implementation"] == "fused") & (table["measured_at"].dt.day_of_year > 20)
    table.loc[is_undone, "ratio"] /= 1.3
    told = history(table, commits(30))
    assert {"native", "fused"} <= {
        told.timelines[0].series["implementation"].iloc[each.series]
        for event in told.events
        for each in event.points
    }
    assert opening.title(told).startswith("Involution (native) takes 1.3")


def test_seconds_that_drift_admit_no_ratios():
    logs = np.random.default_rng(0).normal(0, 0.02, (40, 30))
    logs[0, 15:] += 0.02  # too little among 20 ratios, but enough among 20 true changes
    logs[20:, 15:] += 0.4
    quantities = pd.DataFrame({"quantity": ["ratio"] * 20 + ["seconds"] * 20})
    values = {"ratio": np.exp(logs), "seconds": np.exp(logs)}
    searched = search([replace(timeline(logs), series=quantities, values=values)])
    assert {point.series for point in searched.points} == {*range(20, 40)}


def test_runs_of_one_commit_count_once():
    table = records(runs=8)
    again = [table.assign(run=table["run"] + f"-{number}") for number in range(4)]
    slower = pd.concat(again, ignore_index=True)
    is_late = slower["measured_at"].dt.day_of_year > 4
    slower.loc[is_late, "ratio"] *= 1.5
    searched = history(slower, commits(8)).searched
    assert searched.points == []
    assert searched.too_short == 40


def test_twins_missing_records_and_uncommitted_runs_are_left_out():
    table = records(runs=12)
    table.loc[table["series"].str.contains("K3"), "is_twin"] = True
    table.loc[table["series"].str.contains("K5"), "is_measured"] = False
    table.loc[table["run"] == "here-3", "dirty"] = True
    (timeline,) = timelines(history_looks(table), commits(12))
    assert len(timeline.runs) == 11
    assert not timeline.series["series"].str.contains("K3|K5").any()
    assert history(table, commits(12)).uncommitted == 1


def history_looks(table):
    return table.assign(colour="#000000", marker="o")


def test_machines_are_judged_apart():
    slower = records(
        runs=20, hardware="there", machine="Other", changes=[("involution", "native", 9, 1.2)]
    )
    told = history(pd.concat([records(runs=20), slower], ignore_index=True), commits(20))
    assert len(told.timelines) == 2
    (event,) = told.events
    assert told.timelines[event.timeline].machine == "Other"


def test_a_few_runs_are_too_short():
    searched = search([*timelines(history_looks(records(runs=5)), commits(5))])
    assert searched.points == []
    assert searched.too_short == 40
