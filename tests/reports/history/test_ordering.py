"""The order of runs."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from reports.history.commits import Commit, Commits
from reports.history.ordering import in_order
from tests.reports.history.simulated import START, hash_of


def runs(*rows):
    """Runs from (name, commit, day of the commit, day of the measurement)."""
    days = [(None if made is None else pd.Timedelta(days=made)) for _, _, made, _ in rows]
    return pd.DataFrame(
        {
            "run": [row[0] for row in rows],
            "commit": [row[1] for row in rows],
            "commit_time": pd.to_datetime(
                [pd.NaT if day is None else START + day for day in days], utc=True
            ),
            "measured_at": [START + pd.Timedelta(days=row[3]) for row in rows],
        }
    )


def known(*days):
    """A repository: commits in git's order, each with its day."""
    return Commits(
        {
            hash_of(place): Commit(place, (START + pd.Timedelta(days=day)).isoformat(), "")
            for place, day in enumerate(days)
        }
    )


def order(frame):
    return frame["run"].tolist()


def test_git_decides_where_it_knows_the_commits():
    table = runs(("b", hash_of(1), 1, 9), ("a", hash_of(0), 5, 10))
    assert order(in_order(table, known(5, 1))) == ["a", "b"]
    assert order(in_order(table, known(5, 1), by_date=True)) == ["b", "a"]
    assert order(in_order(table, Commits())) == ["b", "a"]


def test_runs_of_one_commit_share_a_step():
    table = runs(("c", hash_of(1), 1, 3), ("b", hash_of(0), 0, 4), ("a", hash_of(0), 0, 2))
    found = in_order(table, known(0, 1))
    assert order(found) == ["a", "b", "c"]
    assert found["step"].tolist() == [0, 0, 1]


def test_an_unknown_commit_stands_where_its_date_belongs():
    table = runs(("new", hash_of(2), 4, 9), ("lost", "f" * 40, 3, 1), ("old", hash_of(1), 2, 8))
    assert order(in_order(table, known(1, 2, 4))) == ["old", "lost", "new"]


def test_runs_without_a_commit_are_ordered_by_their_measurement():
    table = runs(("b", None, None, 2), ("a", None, None, 1), ("c", None, None, 2))
    found = in_order(table, Commits())
    assert order(found) == ["a", "b", "c"]
    assert found["step"].tolist() == [0, 1, 2]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9)), min_size=1, max_size=12))
def test_no_run_is_lost_and_steps_rise_one_by_one(pairs):
    table = runs(
        *((f"{number}", hash_of(commit), commit, day) for number, (commit, day) in enumerate(pairs))
    )
    found = in_order(table, known(0, 1, 2))
    assert sorted(order(found)) == sorted(table["run"])
    assert set(found["step"].diff().dropna()) <= {0, 1}
    assert found.groupby("step")["commit"].nunique().eq(1).all()
    assert found["commit"].nunique() == found["step"].nunique()
