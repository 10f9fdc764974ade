"""A session on a node: it ends with its agent, also while it measures."""

from multiprocessing import Pipe
from types import SimpleNamespace

import pytest

from bench.cluster import serving

pytestmark = pytest.mark.posix  # a cluster needs Linux or macOS


def test_a_session_that_is_not_copied_ends_with_its_agent_while_it_measures(monkeypatch, tmp_path):
    done = []
    monkeypatch.setattr(serving, "_can_be_copied", lambda: False)
    monkeypatch.setattr(serving, "described", lambda _: {})
    monkeypatch.setattr(serving, "serve", lambda request, _: done.append(request))
    monkeypatch.setattr(serving.child, "end_with_parent", done.append)
    ours, theirs = Pipe()
    descriptor = theirs.fileno()
    option = SimpleNamespace(serve=descriptor, files=tmp_path)
    ours.send({"asked": "measure"})
    session = SimpleNamespace(testsfailed=0, config=SimpleNamespace(option=option))
    assert serving.pytest_runtestloop(session)
    theirs._handle = None  # the session has closed it
    assert done == [descriptor, {"asked": "measure"}]
    assert ours.recv() == {"is_copied": False}
    assert ours.recv() == 0
    ours.close()
