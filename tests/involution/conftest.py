import pytest

from involution.ops import fused


@pytest.fixture(autouse=True)
def compile_anew(monkeypatch):
    """Let each test compile as many problems as a process may."""
    monkeypatch.setattr(fused, "_seen", set())
