"""Turns of a process with another one."""

import os
from multiprocessing import Pipe

import pytest

from bench.session.partner import VARIABLE, GiverEndedError, Partner, partner

# A process inherits no connection on Windows.
pytestmark = pytest.mark.posix


@pytest.fixture
def giver(monkeypatch):
    """The connection of who gives the turns to a process that is asked to take them."""
    ours, theirs = Pipe()
    monkeypatch.setenv(VARIABLE, str(os.dup(theirs.fileno())))
    theirs.close()
    yield ours
    ours.close()


def test_a_process_waits_for_its_turn_and_gives_it_back(giver):
    giver.send(True)
    found = partner()
    assert giver.recv() is None
    assert not giver.poll()
    giver.send(True)
    found.pause()
    assert giver.recv() is None
    assert VARIABLE not in os.environ


def test_a_process_that_is_alone_waits_for_nobody(giver):
    giver.send(False)
    found = partner()
    for _ in range(3):
        found.pause()
    assert giver.recv() is None
    with pytest.raises(EOFError):
        giver.recv()


def test_a_process_ends_with_who_gives_the_turns(giver):
    giver.close()
    with pytest.raises(GiverEndedError):
        partner()
    assert issubclass(GiverEndedError, KeyboardInterrupt)


def test_nobody_waits_unasked(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert partner() is None


def test_a_giver_that_ends_between_turns_is_noticed(giver):
    giver.send(True)
    found = partner()
    assert isinstance(found, Partner)
    giver.close()
    with pytest.raises(GiverEndedError):
        found.pause()
