"""The command line: what it refuses before anything is loaded."""

import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from demo import __main__, command

ROOT = Path(__file__).parents[2]


def refused(capsys, *arguments):
    with pytest.raises(SystemExit) as stopped:
        __main__.main(arguments)
    assert stopped.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "7_860"])
def test_a_port_that_is_none(capsys, port):
    assert f"expected a port of 1..65535. Received: {port}" in refused(capsys, f"--port={port}")


def test_a_port_that_is_taken(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = refused(capsys, "--port", str(port))
    assert f"cannot listen at 127.0.0.1, port {port}: " in words
    assert "Choose others with --host and --port" in words


def test_a_host_that_is_not_this_machine(capsys):
    assert "cannot listen at 192.0.2.1" in refused(capsys, "--host", "192.0.2.1")


def test_without_gradio_it_says_how_to_install_it(capsys, monkeypatch):
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    assert "pip install -e . --group demo" in refused(capsys)


def test_help_and_wrong_usage_load_neither_tensorflow_nor_gradio():
    code = (
        "import sys; from demo import __main__\n"
        "try: __main__.main(['--help'])\n"
        "except SystemExit: print(sorted({'tensorflow', 'gradio', 'PIL'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.endswith("[]\n")


def test_a_space_installs_what_the_group_has():
    lines = (ROOT / "demo" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    asked = {line for line in lines if line and not line.startswith("#")}
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert asked == {*groups["dependency-groups"]["demo"], "involution"}
