"""The scheduler on simulated places: each task once, whatever becomes of the places."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.cluster.errors import ClusterError
from bench.cluster.schedule import MOST_LOSSES, Scheduler
from bench.cluster.tasks import ATTEMPTS, Task
from tests.bench.cluster.simulated import SimulatedPlaces, raises, returns


class Asking:
    """An owner that admits every place to one group, and notes what became of each task."""

    def __init__(self):
        self.done, self.given_up, self.gone = [], [], []
        self.ticks = 0
        self.is_waiting = False

    def joined(self, place):
        self.scheduler.admit(place.name, "")

    def left(self, place, reason):
        self.gone.append((place.name, reason))

    def started(self, task, place):
        pass

    def finished(self, task, place, value, seconds):
        self.done.append((task.name, place.name, value, seconds))

    def failed(self, task):
        self.given_up.append(task)

    def tick(self):
        self.ticks += 1


def scheduled(places, tasks, owner=None):
    owner = owner or Asking()
    owner.scheduler = Scheduler(places, owner, places.clock)
    owner.scheduler.submit(tasks)
    owner.scheduler.run()
    return owner


def tasks(number, **changes):
    return [Task(f"task {index}", index, **changes) for index in range(number)]


def names(owner):
    return sorted(name for name, *_ in owner.done)


def test_tasks_run_in_order_one_at_a_time_at_each_place():
    places = SimulatedPlaces(lambda place, work: returns(2.0, work * 10))
    places.join("a", "b")
    owner = scheduled(places, tasks(5))
    assert [work for _, work in places.started] == [0, 1, 2, 3, 4]
    assert [value for _, _, value, _ in owner.done] == [0, 10, 20, 30, 40]
    assert {seconds for *_, seconds in owner.done} == {2.0}
    assert places.now == 6.0
    assert owner.ticks >= 6


def test_what_fails_on_one_node_is_tried_on_another_and_then_given_up():
    places = SimulatedPlaces(lambda place, work: raises(1.0) if work == 1 else returns(1.0))
    places.join("a", "b", "c")
    owner = scheduled(places, tasks(4))
    assert names(owner) == ["task 0", "task 2", "task 3"]
    [lost] = owner.given_up
    assert lost.name == "task 1"
    assert len(lost.tried) == ATTEMPTS == len(set(lost.tried))
    assert lost.reasons == tuple(f"on {node}: ValueError: no" for node in lost.tried)


def test_what_fails_waits_for_another_node_that_is_busy():
    places = SimulatedPlaces(
        lambda place, work: raises(1.0) if (place, work) == ("a", 0) else returns(5.0)
    )
    places.join("a", "b")
    owner = scheduled(places, tasks(2))
    assert names(owner) == ["task 0", "task 1"]
    assert places.started == [("a", 0), ("b", 1), ("b", 0)]


def test_two_places_of_one_node_are_one_node_for_what_fails():
    places = SimulatedPlaces(lambda place, work: raises(1.0) if place < "b" else returns(9.0))
    places.join("a.0", "a.1", "b.0")
    owner = scheduled(places, tasks(3))
    assert names(owner) == ["task 0", "task 1", "task 2"]


def test_where_there_is_one_node_it_is_tried_there_again():
    places = SimulatedPlaces(lambda place, work: raises(1.0))
    places.join("a")
    owner = scheduled(places, tasks(1))
    assert owner.given_up[0].tried == ("a",) * ATTEMPTS


def test_what_a_place_loses_runs_elsewhere_and_a_late_answer_counts_once():
    places = SimulatedPlaces(lambda place, work: returns(3.0, place))
    places.is_late = True  # the place was cut off, and ends its task all the same
    places.join("a", "b")
    places.leave("a", at=1.0)
    owner = scheduled(places, tasks(2))
    assert owner.gone == [("a", "the node is gone")]
    assert [(name, value) for name, _, value, _ in owner.done] == [("task 1", "b"), ("task 0", "b")]


def test_a_place_that_joins_late_gets_tasks_and_one_may_join_again():
    places = SimulatedPlaces(lambda place, work: returns(2.0))
    places.join("a")
    places.leave("a", at=3.0)
    places.join("b", at=4.0)
    places.join("a", at=5.0)
    owner = scheduled(places, tasks(6))
    assert names(owner) == [f"task {index}" for index in range(6)]
    assert {place for place, _ in places.started[3:]} == {"a", "b"}


def test_a_task_that_ends_every_place_is_given_up():
    places = SimulatedPlaces(lambda place, work: None)
    for moment in range(MOST_LOSSES):
        places.join("a", at=2.0 * moment)
        places.leave("a", at=2.0 * moment + 1)
    owner = scheduled(places, tasks(1))
    [lost] = owner.given_up
    assert lost.losses == MOST_LOSSES
    assert f"the {MOST_LOSSES}th time: the node is gone" in lost.reasons[0]


def test_what_ends_its_place_by_its_own_fault_is_tried_on_another_node():
    places = SimulatedPlaces(lambda place, work: None)
    places.join("a", "b")
    places.leave("a", at=1.0, reason="too much memory", is_fault=True)
    places.leave("b", at=2.0, reason="too much memory", is_fault=True)
    owner = scheduled(places, tasks(1))
    [lost] = owner.given_up
    assert lost.tried == ("a", "b")
    assert lost.reasons == ("on a: too much memory", "on b: too much memory")


def test_a_task_that_hangs_is_ended_and_tried_on_another_node():
    places = SimulatedPlaces(
        lambda place, work: None if (place, work) == ("a", 0) else returns(1.0)
    )
    places.join("a", "b")
    owner = scheduled(places, tasks(2, limit=10.0))
    assert places.stopped == ["a"]
    assert owner.gone == [("a", "took longer than its limit of 10 s")]
    assert names(owner) == ["task 0", "task 1"]
    assert places.now == 11.0


def test_tasks_that_belong_apart_go_to_different_nodes():
    places = SimulatedPlaces(lambda place, work: returns(1.0 + 0.1 * work))
    places.join("a", "b", "c")
    plan = [
        Task(f"{case} {process}", case, apart=f"case {case}")
        for process in range(3)
        for case in range(7)
    ]
    scheduled(places, plan)
    assert Counter(places.started) == {(place, case): 1 for place in "abc" for case in range(7)}


def test_more_processes_than_nodes_are_spread_evenly():
    places = SimulatedPlaces(lambda place, work: returns(1.0))
    places.join("a", "b")
    scheduled(places, [Task(str(number), 0, apart="case") for number in range(5)])
    assert sorted(Counter(place for place, _ in places.started).values()) == [2, 3]


def test_a_pinned_task_runs_before_its_place_is_admitted_and_goes_with_it():
    class Pinning(Asking):
        def joined(self, place):
            self.scheduler.submit([Task(f"first of {place.name}", -1, only=place.name)])

        def finished(self, task, place, value, seconds):
            super().finished(task, place, value, seconds)
            self.scheduler.admit(place.name, "")

    places = SimulatedPlaces(lambda place, work: returns(3.0))
    places.join("a", "b")
    places.leave("b", at=1.0)
    owner = scheduled(places, tasks(2), Pinning())
    assert [name for name, *_ in owner.done] == ["first of a", "task 0", "task 1"]
    assert owner.given_up == []


def test_groups_do_not_mix():
    class Grouping(Asking):
        def joined(self, place):
            self.scheduler.admit(place.name, place.name[0])

    places = SimulatedPlaces(lambda place, work: returns(1.0))
    places.join("a1", "a2", "b1")
    plan = [Task(f"{group}{index}", group, group=group) for index in range(4) for group in "ab"]
    scheduled(places, plan, Grouping())
    assert all(place[0] == group for place, group in places.started)
    assert places.now == 4.0


def test_tasks_of_one_group_do_not_wait_for_ever_while_another_has_places():
    class Grouping(Asking):
        def joined(self, place):
            self.scheduler.admit(place.name, place.name)

    places = SimulatedPlaces(lambda place, work: returns(1.0))
    places.join("a", "b")
    places.leave("b", at=1.5)
    owner = Grouping()
    with pytest.raises(ClusterError, match="there was no node that could go on"):
        scheduled(places, [*tasks(9, group="a"), *tasks(3, group="b")], owner)
    assert len(owner.done) == 9 + 1
    assert 300 < places.now < 320


def test_an_owner_may_wait_for_places_that_give_tasks():
    class Waiting(Asking):
        def joined(self, place):
            super().joined(place)
            self.scheduler.submit(tasks(1))
            self.is_waiting = False

    places, owner = SimulatedPlaces(lambda place, work: returns(1.0)), Waiting()
    owner.is_waiting = True
    places.join("a", at=100.0)
    assert names(scheduled(places, [], owner)) == ["task 0"]


def test_what_ran_earlier_counts_for_tasks_that_belong_apart():
    places, owner = SimulatedPlaces(lambda place, work: returns(1.0)), Asking()
    owner.scheduler = Scheduler(places, owner, places.clock)
    owner.scheduler.remember({"first": ["a"], "second": ["b"]})
    owner.scheduler.submit([Task(case, case, apart=case) for case in ("first", "second")])
    owner.scheduler.run(places.present("a", "b"))
    assert sorted(places.started) == [("a", "second"), ("b", "first")]


def test_tasks_do_not_wait_for_ever_for_a_place():
    places = SimulatedPlaces(lambda place, work: returns(1.0))
    places.join("a")
    places.leave("a", at=0.5)
    with pytest.raises(ClusterError, match="there was no node that could go on"):
        scheduled(places, tasks(2))


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_every_task_ends_exactly_once_on_places_that_come_and_go(seed):
    chance = random.Random(seed)

    def rule(place, work):
        kind = chance.random()
        if kind < 0.1:
            return None
        end = raises if kind < 0.3 else returns
        return end(chance.uniform(0.1, 3.0))

    places = SimulatedPlaces(rule)
    places.is_late = chance.random() < 0.5
    places.join("steady")
    for name in map(str, range(chance.randint(1, 8))):
        moment = 0.0
        for _ in range(chance.randint(1, 4)):
            moment += chance.uniform(0.1, 10.0)
            places.join(name, at=moment)
            moment += chance.uniform(0.1, 10.0)
            places.leave(name, at=moment)
    again = places._leave
    places.stop = lambda name: (again(name, ""), places.join(name, at=places.now + 1.0))
    plan = tasks(chance.randint(1, 60), limit=5.0)
    owner = scheduled(places, plan)
    ended = Counter([*names(owner), *(task.name for task in owner.given_up)])
    assert ended == {task.name: 1 for task in plan}
