"""Lines that nobody must act on stay off the terminal, all others appear."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from involution.quiet import without_noise

ROOT = Path(__file__).parents[2]
NEEDLESS = [
    "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR",
    "I0000 00:00:1795776603.760781    5724 port.cc:153] oneDNN custom operations are on.",
    "To enable the following instructions: AVX2 FMA, in other operations, rebuild TensorFlow",
    (
        "E0000 00:00:1.9 5724 cuda_platform.cc:52] failed call to cuInit: INTERNAL: CUDA error: "
        "Failed call to cuInit: UNKNOWN ERROR (303)"
    ),
    "E0000 00:00:1.9 5724 cuda_platform.cc:52] failed call to cuInit: CUDA_ERROR_NO_DEVICE: no GPU",
]
WANTED = [
    (
        "E0000 00:00:1.9 5724 cuda_platform.cc:52] failed call to cuInit: INTERNAL: CUDA error: "
        "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH: the driver is of another version"
    ),
    "W0000 00:00:1.9 1 gpu_device.cc:2341] Cannot dlopen some GPU libraries. Skipping GPU devices.",
    "F0000 00:00:1.9 1 cpu_feature_guard.cc] compiled to use AVX, which is not available",
    "UserWarning: something of Python",
    "I like it",
]


def written(capfd, *patterns):
    with without_noise(*patterns):
        os.write(2, "\n".join([*NEEDLESS, *WANTED, "xprof: no such tool"]).encode())
    return capfd.readouterr().err.splitlines()


def test_only_needless_lines_are_dropped(capfd, monkeypatch):
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "2")
    assert written(capfd) == [*WANTED, "xprof: no such tool"]
    assert written(capfd, rb"xprof: no such") == WANTED


@pytest.mark.parametrize("level", ["0", "", None])
def test_who_asks_for_all_gets_all(level, capfd, monkeypatch):
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)
    if level is not None:
        monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", level)
    assert written(capfd)[: len(NEEDLESS)] == NEEDLESS


def test_what_was_written_before_an_error_appears(capfd, monkeypatch):
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "2")

    def failing():
        with without_noise():
            print("the reason", file=sys.__stderr__)
            os.write(2, b"and more\n")
            raise ImportError

    with pytest.raises(ImportError):
        failing()
    os.write(2, b"then")
    assert capfd.readouterr().err.splitlines()[-2:] == ["and more", "then"]


def test_a_program_without_a_terminal_is_not_stopped():
    code = (
        "import os, sys; os.close(2); sys.stderr = None\n"
        "from involution.quiet import without_noise\n"
        "with without_noise(): print('runs')"
    )
    process = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout == "runs\n"
