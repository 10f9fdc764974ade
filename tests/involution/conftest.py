import pytest

from involution.ops import fused


@pytest.fixture(autouse=True)
def nothing_compiled(monkeypatch):
    """Let each test compile as many problems as a process may."""
    monkeypatch.setattr(fused, "_compiled", set())
