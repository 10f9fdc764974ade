"""Wrong usage of the command line, refused before any work; and one real run of one case."""

import errno
import json
import os
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import pytest

pytest.importorskip("ray")

from bench.cluster import __main__ as command_line
from bench.cluster import command
from bench.cluster.errors import ClusterError
from reports.sweeps.load import read
from tests.bench.session.starting import PLUGINS, ROOT

pytestmark = pytest.mark.posix  # a cluster needs Linux or macOS


@pytest.fixture
def refused(monkeypatch, capsys, tmp_path):
    """Run the command line, which must end with status 2 and leave nothing; return what it said."""
    monkeypatch.setattr(command_line.signal, "signal", lambda *_: None)

    def run(*words):
        with pytest.raises(SystemExit) as ended:
            command_line.main(["-o", str(tmp_path / "out"), *map(str, words)])
        assert ended.value.code == 2
        assert not (tmp_path / "out").exists()
        return capsys.readouterr().err

    return run


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--address", "127.0.0.1:1"], "expected a Ray cluster that answers within 5 s"),
        (["--address", "nonsense"], "expected HOST:PORT or auto. Received: nonsense"),
        (["--address", "ray://host:10001"], "submit this command with `ray job submit`"),
        (["--processes", "0"], "expected an integer of at least 1. Received: 0"),
        (["--per", "node"], "invalid choice: 'node'"),
        (["--runtime-env", "/nowhere.json"], "--runtime-env: /nowhere.json"),
        (["--", "--benchmark-json=x"], "this command takes no --benchmark-json"),
        (["--", "--shard", "1/2"], "this command takes no --shard"),
        (["--sweep-size", "quick"], "behind `--`: -- --sweep-size quick"),
        (["-k", "a b", "--", "--cache=cold"], "behind `--`: -- -k 'a b' --cache=cold"),
        (["--", "--files=/"], "this command takes no --files"),
        (["--", "bench/bench_stride.py"], "choose cases with -k"),
        (["-o", "/dev/null"], "--output: cannot write"),
    ],
)
def test_wrong_usage_is_refused(refused, words, reason):
    assert reason in refused(*words)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--swep-size=quick"], "does not take these options of pytest bench: --swep-size=quick"),
        (["-k", "nothing"], "has no case for these options of pytest bench: -k"),
    ],
)
def test_options_of_pytest_are_refused_before_ray_starts(refused, monkeypatch, words, reason):
    def never(*_):
        raise AssertionError

    for name, value in PLUGINS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(command, "connected", never)
    said = refused("--", *words)
    assert f"behind --: this tree {reason}" in said
    assert "rootdir" not in said  # a folder that is gone


@pytest.mark.parametrize(
    ("stop", "status", "said"),
    [
        (KeyboardInterrupt("2 of 5 records are kept"), 130, "Stopped: 2 of 5 records are kept"),
        (KeyboardInterrupt(), 130, "Stopped: what is finished is kept"),
        (ClusterError("no node is left"), 1, "no node is left; what is finished is kept"),
        (OSError(errno.ENOSPC, "No space"), 1, "Stopped: [Errno 28] No space"),
    ],
)
def test_what_ends_early_says_which_command_goes_on(
    stop, status, said, monkeypatch, capsys, tmp_path
):
    def run(*_):
        raise stop

    monkeypatch.setattr(command_line.signal, "signal", lambda *_: None)
    monkeypatch.setattr(command, "run", run)
    assert command_line.main(["-o", str(tmp_path), "--", "-k", "a or b"]) == status
    resumes = f"python -m bench.cluster -o {tmp_path} --resume -- -k 'a or b'"
    assert capsys.readouterr().err.strip() == f"{said}. To go on: {resumes}"


def test_windows_is_refused(refused, monkeypatch):
    monkeypatch.setattr(command_line, "os", SimpleNamespace(name="nt"))
    monkeypatch.setattr(command_line.platform, "system", lambda: "Windows")
    assert "expected Linux or macOS. Received: Windows" in refused()


def test_an_address_where_something_else_listens_is_refused(refused):
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.RequestHandlerClass.log_message = lambda *_: None
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    said = refused("--address", f"127.0.0.1:{server.server_port}")
    thread.join()
    server.server_close()
    assert "something else listens there" in said


def test_a_runtime_environment_with_code_of_its_own_is_refused(refused, tmp_path):
    path = tmp_path / "env.json"
    path.write_text('{"working_dir": "."}')
    assert "without working_dir" in refused("--runtime-env", path)


def test_a_runtime_environment_that_ray_does_not_take_is_refused(refused, tmp_path):
    path = tmp_path / "env.json"
    path.write_text('{"env_vars": {"A": 1}}')
    assert "--runtime-env: runtime_env['env_vars'] must be" in refused("--runtime-env", path)


def test_a_full_disk_is_refused(refused, monkeypatch):
    class Full:
        def __init__(self, **_):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def write(self, _):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile, "TemporaryFile", Full)
    assert "No space left on device" in refused()


@pytest.mark.slow
def test_a_case_is_measured_on_a_cluster_of_this_machine(tmp_path):
    words = ("-k", "stride and forward-1 and depthwise", "--benchmark-max-time=0.02")
    done = subprocess.run(
        [sys.executable, "-m", "bench.cluster", "-o", tmp_path, "--", "--sweep-size=quick", *words],
        cwd=ROOT,
        env={**os.environ, **PLUGINS},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert "1/1 8x32x32x64 K7 s1 g4 float32 forward, convolution K7: 1 of 1 measured" in done.stdout
    path = tmp_path / "bench.json"
    document = json.loads(path.read_text())
    [entry] = document["benchmarks"]
    assert entry["fullname"] == "bench/bench_stride.py::bench_stride[depthwise-forward-1]"
    assert document["machine_info"]["settings"]["floatx"] == "float32"
    assert "OMP_NUM_THREADS" not in document["machine_info"]["flags"]
    assert document["conditions"]["peak_flops"] > 0
    assert len(read(path).content.records) == 1
