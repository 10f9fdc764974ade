"""Nodes of Ray as places: with actors that answer when the test wants them to."""

from concurrent.futures import Future
from types import SimpleNamespace

import pytest

ray = pytest.importorskip("ray")

from bench.cluster import nodes as module  # noqa: E402
from bench.cluster.nodes import RayPlaces  # noqa: E402
from bench.cluster.places import Joined, Left, Raised, Returned  # noqa: E402

pytestmark = pytest.mark.posix  # a cluster needs Linux or macOS


class Calls:
    """A method of an actor: its calls are answered by hand."""

    def __init__(self):
        self.made = []

    def remote(self, *arguments):
        answer = Future()
        self.made.append(answer)
        return SimpleNamespace(future=lambda: answer)


class Cluster:
    """Nodes with actors, and a clock that jumps."""

    def __init__(self, monkeypatch):
        self.nodes, self.actors, self.killed, self.now = [], [], [], 0.0
        monkeypatch.setattr(module.ray, "kill", self.killed.append)
        monkeypatch.setattr(module, "monotonic", lambda: self.now)
        self.places = RayPlaces(len, nodes=lambda: self.nodes, start_agent=self._start)

    def add(self, name, **resources):
        node = {"NodeID": name * 8, "NodeManagerHostname": name, "Alive": True}
        self.nodes.append({**node, "Resources": {"CPU": 2.0, **resources}})

    def _start(self, node, number, of):
        self.actors.append(SimpleNamespace(describe=Calls(), run=Calls()))
        return self.actors[-1]

    def wait(self, seconds):
        self.now += seconds

    def next(self):
        self.now += module.LOOK
        return self.places.next(0.0)


@pytest.fixture
def cluster(monkeypatch):
    return Cluster(monkeypatch)


@pytest.fixture
def joined(cluster):
    """A cluster of one node that has described itself."""
    cluster.add("a")
    assert cluster.next() is None
    cluster.actors[0].describe.made[0].set_result({"cores": 2})
    event = cluster.next()
    assert isinstance(event, Joined)
    assert event.place.about == {"cores": 2}
    cluster.name = event.place.name
    return cluster


def test_what_a_node_returns_is_an_event(joined):
    joined.places.start(joined.name, 7, "work")
    assert joined.next() is None
    joined.actors[0].run.made[0].set_result("value")
    assert joined.next() == Returned(joined.name, 7, "value")


def test_an_error_of_the_work_is_its_failure(joined):
    joined.places.start(joined.name, 7, "work")
    joined.actors[0].run.made[0].set_exception(ValueError("no\nmore"))
    assert joined.next() == Raised(joined.name, 7, "ValueError: no")
    assert joined.killed == []


def test_a_node_whose_process_dies_leaves_and_joins_again(joined):
    joined.places.start(joined.name, 7, "work")
    joined.actors[0].run.made[0].set_exception(ray.exceptions.ActorDiedError())
    assert joined.next() == Left(joined.name, "its process ended (ActorDiedError)")
    assert joined.killed == joined.actors[:1]
    joined.now += module.REST
    assert joined.next() is None
    joined.actors[1].describe.made[0].set_result({})
    assert isinstance(joined.next(), Joined)


def test_memory_that_runs_out_is_the_fault_of_the_work(joined):
    joined.places.start(joined.name, 7, "work")
    joined.actors[0].run.made[0].set_exception(ray.exceptions.OutOfMemoryError("killed"))
    why = "took more memory than the node has"
    assert joined.next() == Left(joined.name, why, is_fault=True)
    assert joined.next() is None


def test_what_a_stopped_node_answers_late_is_not_heard(joined):
    joined.places.start(joined.name, 7, "work")
    joined.places.stop(joined.name)
    joined.actors[0].run.made[0].set_result("late")
    assert joined.next() is None


def test_a_node_that_is_gone_has_left(joined):
    joined.nodes.clear()
    assert joined.next() == Left(joined.name, "the node left the cluster")


def test_work_for_a_node_that_is_gone_waits_for_the_event(joined):
    joined.add("b")
    joined.next()
    joined.actors[1].describe.made[0].set_result({})
    other = joined.next().place.name
    joined.nodes.clear()
    assert joined.next().place == joined.name  # and the other one is gone, too
    joined.places.start(other, 8, "work")
    joined.places.stop(other)
    assert joined.next().place == other


def test_work_for_a_node_without_a_process_is_not_started(joined):
    joined.places.stop(joined.name)
    joined.places.start(joined.name, 8, "work")
    assert joined.next() is None


def test_a_node_may_come_back_as_often_as_it_works(joined):
    for life in range(module.MOST_STARTS + 1):
        actor = joined.actors[life]
        joined.places.start(joined.name, 1, "work")
        actor.run.made[0].set_result("value")
        assert isinstance(joined.next(), Returned)
        joined.places.start(joined.name, 2, "work")
        actor.run.made[1].set_exception(ray.exceptions.ActorDiedError())
        assert isinstance(joined.next(), Left)
        joined.now += module.REST
        joined.next()
        joined.actors[life + 1].describe.made[0].set_result({})
        assert isinstance(joined.next(), Joined)


def test_a_survey_names_what_could_not_be_installed_and_waits_no_longer(cluster, monkeypatch):
    cluster.add("a")
    cluster.next()
    error = ray.exceptions.RuntimeEnvSetupError("pip install\nERROR: no such package\n")
    cluster.actors[0].describe.made[0].set_exception(error)
    assert cluster.next() is None
    begin = cluster.now
    monkeypatch.setattr(cluster.places, "next", lambda _: cluster.wait(10.0))
    found, silent = cluster.places.survey(600.0)
    assert cluster.now - begin == module.ANSWERING
    assert found == []
    assert list(silent.values()) == ["RuntimeEnvSetupError: ERROR: no such package"]


def test_each_gpu_of_a_node_is_a_place_and_a_node_without_cores_is_none(cluster):
    cluster.add("a", GPU=2.0)
    cluster.add("b", CPU=0.0)
    cluster.next()
    for actor in cluster.actors:
        actor.describe.made[0].set_result({})
    events = [cluster.next(), cluster.next()]
    assert {event.place.node for event in events} == {"a/aaaa"}
    assert len({event.place.name for event in events}) == 2


def test_a_survey_names_the_nodes_that_do_not_answer(cluster):
    cluster.add("a")
    cluster.add("b")
    cluster.next()
    cluster.actors[0].describe.made[0].set_result({})
    cluster.now += module.LOOK
    found, silent = cluster.places.survey(0.0)
    assert len(found) == len(silent) == 1
    assert "its cores may be taken" in next(iter(silent.values()))
    assert cluster.next() is None
