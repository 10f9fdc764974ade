"""The connection to a Ray cluster, or one of a single node that is started for a run."""

import os
import signal
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import ray
from ray.runtime_env import RuntimeEnv

import bench.cluster.startup  # noqa: F401 - before Ray is imported
from bench import cores
from bench.cluster.errors import ClusterUsageError

# Seconds in which a cluster must answer.
ANSWER = 5.0
# How a client of HTTP/2 begins: a fixed line, and a frame of settings of which there are none. The
# fourth byte of a frame is its type.
SETTINGS = bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + SETTINGS
# Results are small: the shared memory that Ray reserves for large ones is as small as it may be.
STORE_BYTES = 80 * 2**20


@contextmanager
def connected(address: str | None, runtime_env: Mapping[str, Any]) -> Iterator[None]:
    """Be connected to a cluster during a block, once `check` has found that it answers.

    Args:
        address: HOST:PORT of the head node, or "auto" for a cluster that runs on this machine;
            None starts a cluster of this machine alone, which ends with the block.
        runtime_env: what the nodes need for the work, as Ray takes it.

    Raises:
        ClusterUsageError: if there is no cluster, or one of another version of Ray or Python.
    """
    # Ray's thread prints there, for example that a node is gone, which is said in our own words.
    with (
        Path(os.devnull).open("w") as nowhere,
        redirect_stdout(nowhere),
        tempfile.TemporaryDirectory(dir=_short_folder(), ignore_cleanup_errors=True) as folder,
    ):
        handler = signal.getsignal(signal.SIGTERM)
        _init(address, runtime_env, folder)
        signal.signal(signal.SIGTERM, handler)  # Ray sets its own
        try:
            yield
        finally:
            ray.shutdown()


def check(address: str | None, runtime_env: Mapping[str, Any]) -> None:
    """Check that a cluster answers, and that Ray takes what the nodes need; starts nothing.

    Args:
        address: as `connected` takes it.
        runtime_env: the same.

    Raises:
        ClusterUsageError: if nothing answers, or Ray does not take it.
    """
    if address not in (None, "auto"):
        _check_answers(str(address))
    try:
        RuntimeEnv(**runtime_env)
    except (TypeError, ValueError) as error:
        raise ClusterUsageError(f"--runtime-env: {_first_line(error)}") from error


def _short_folder() -> str | None:
    """Return where a cluster's files may be: the path of a socket has a hundred letters at most."""
    return "/tmp" if Path("/tmp").is_dir() else None


def _init(address: str | None, runtime_env: Mapping[str, Any], folder: str) -> None:
    quiet = {"log_to_driver": False, "logging_level": "ERROR", "include_dashboard": False}
    local = {
        "num_cpus": cores.usable(),
        "object_store_memory": STORE_BYTES,
        "_temp_dir": folder,  # Ray leaves some megabytes behind
    }
    try:
        if address is None:
            ray.init("local", runtime_env=dict(runtime_env), **quiet, **local)
        else:
            del quiet["include_dashboard"]
            ray.init(address, runtime_env=dict(runtime_env), **quiet)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        ray.shutdown()
        raise ClusterUsageError(f"--address: {_first_line(error)}") from error


def _check_answers(address: str) -> None:
    """Ask whether anything listens, since Ray itself would wait for a minute."""
    if "://" in address:
        raise ClusterUsageError(
            "--address: expected HOST:PORT of the head node, from a machine of the cluster; for a "
            "machine outside, submit this command with `ray job submit`. "
            f"Received: {address}"
        )
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise ClusterUsageError(f"--address: expected HOST:PORT or auto. Received: {address}")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=ANSWER) as link:
            _check_speaks(link)
    except OSError as error:
        raise ClusterUsageError(
            f"--address: expected a Ray cluster that answers within {ANSWER:.0f} s. "
            f"Received: {address} ({error})"
        ) from error


def _check_speaks(link: socket.socket) -> None:
    """Check that a server begins as those of gRPC do, Ray's among them: with its settings."""
    if os.environ.get("RAY_USE_TLS", "0") not in ("0", ""):  # which begins with its own words
        return
    link.sendall(PREFACE)
    if link.recv(len(SETTINGS))[3:4] != SETTINGS[3:4]:
        raise OSError("something else listens there")


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
