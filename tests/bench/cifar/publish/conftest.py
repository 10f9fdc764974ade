"""A hub on loopback, to publish trained models on."""

import os

import huggingface_hub
import numpy as np
import pytest

from tests.bench.cifar.publish.loopback import TOKEN, LoopbackHub


@pytest.fixture(scope="session")
def images():
    return np.random.default_rng(0).random((5, 32, 32, 3), dtype=np.float32)


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """A hub on loopback, to which this process is logged in."""
    with LoopbackHub() as started:
        monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", started.address)
        monkeypatch.setattr(huggingface_hub.constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
        # Large files go by LFS: the servers of Xet are beyond a test.
        monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_DISABLE_XET", True)
        for name in [name for name in os.environ if name.startswith(("HF_", "HUGGING"))]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        yield started
