"""What the command makes of a sweep: the exit status, and what is written when it cannot go on."""

import re
from contextlib import contextmanager, nullcontext
from functools import partial

import pytest

pytest.importorskip("ray")

from bench.cluster import command, sweep
from bench.cluster.errors import ClusterError
from bench.cluster.options import ClusterOptions
from bench.cluster.schedule import Scheduler
from tests.bench.cluster.planned import about, answers, files, measured, whole
from tests.bench.cluster.simulated import SimulatedPlaces, returns

pytestmark = pytest.mark.posix  # a cluster needs Linux or macOS


@pytest.fixture
def finish(tmp_path, monkeypatch):
    """Run the command on simulated places, each kind for itself; return its exit status."""

    def run(rule, *names, happens=lambda places: None, connection=None):
        places = SimulatedPlaces(rule, lambda name: about({"a": "Xeon", "b": "EPYC"}[name]))
        places.close = lambda: None
        found = places.present(*names)
        happens(places)
        monkeypatch.setattr(command, "connected", lambda *_: connection or nullcontext())
        monkeypatch.setattr(command.connection, "check", lambda *_: None)
        monkeypatch.setattr(command, "RayPlaces", lambda _: places)
        monkeypatch.setattr(command, "survey", lambda *_, **__: (found, lambda place: None))
        monkeypatch.setattr(sweep, "Scheduler", partial(Scheduler, clock=places.clock))
        options = ClusterOptions(None, tmp_path / "out", True, None, 1, False, {})
        return command.run(options, tmp_path)

    for part in command.code.PARTS:
        (tmp_path / part).mkdir()
    return run


MEASURES = answers(lambda _, work: returns(1.0, measured(work)))


def test_the_status_is_0_if_all_kinds_were_measured(finish, tmp_path, capsys):
    assert finish(MEASURES, "a", "b") == 0
    assert all(map(whole, files(tmp_path / "out").values()))
    assert capsys.readouterr().out.count("Results: ") == 2


def test_the_status_is_1_if_a_kind_was_not_measured(finish, capsys):
    def rule(place, work):
        return returns(1.0, {"broken": "no library"}) if place == "b" else MEASURES(place, work)

    assert finish(rule, "a", "b") == 1
    assert "EPYC, 2 cores, 8 GiB: not measured: b: no library" in capsys.readouterr().out


def test_a_kind_that_is_finished_is_written_although_another_cannot_go_on(finish, tmp_path):
    with pytest.raises(ClusterError, match="for 300 s there was no node"):
        finish(MEASURES, "a", "b", happens=lambda places: places.leave("b", at=5.5))
    [(name, document)] = files(tmp_path / "out").items()
    assert name.startswith("xeon-")
    assert whole(document)


def test_no_node_that_could_measure_is_an_error_with_its_reasons(finish):
    with pytest.raises(ClusterError, match="no node could measure; a: no library"):
        finish(lambda place, work: returns(1.0, {"broken": "no library"}), "a")


def test_who_stops_it_is_told_how_much_is_kept(finish):
    answered = []

    def rule(place, work):
        answered.append(work["asked"])
        if answered.count("measure") > 1:
            raise KeyboardInterrupt
        return MEASURES(place, work)

    with pytest.raises(KeyboardInterrupt, match=r"[1-9]\d* of \d+ records are kept"):
        finish(rule, "a")


def test_who_stops_it_before_the_first_record_is_told_so(finish):
    def rule(place, work):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match=command.NOTHING_DONE):
        finish(rule, "a")


def interrupt(*_):
    raise KeyboardInterrupt


@contextmanager
def ended_by_hand():
    yield
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "ending",
    [
        {"happens": lambda places: setattr(places, "close", interrupt)},
        {"connection": ended_by_hand()},
    ],
    ids=["places", "connection"],
)
def test_who_stops_it_once_all_is_measured_is_told_that_all_is_kept(ending, finish):
    with pytest.raises(KeyboardInterrupt) as stop:
        finish(MEASURES, "a", **ending)
    done, total = re.fullmatch(r"(\d+) of (\d+) records are kept", str(stop.value)).groups()
    assert done == total


def test_who_stops_it_while_nodes_are_looked_for_is_told_so(finish, monkeypatch):
    monkeypatch.setattr(command, "_check_words", interrupt)
    with pytest.raises(KeyboardInterrupt, match=command.NOTHING_BEGUN):
        finish(MEASURES, "a")
