"""The demo as a process of its own, whose files can be seen."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS = 300
# Python runs this at its start: it notes each host that the process connects to or looks up.
NOTE_HOSTS = """
import sys
def note(event, arguments):
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    with open({path!r}, "a") as file:
        print(host, file=file)
sys.addaudithook(note)
"""


@dataclass
class Served:
    """A server that answers.

    Attributes:
        address: of its page.
        process: that serves it.
        temporary: the only folder for temporary files that it knows; it works in it, too.
        log: what it has said.
        connected: a file with the hosts that it asked for, one a line.
    """

    address: str
    process: subprocess.Popen
    temporary: Path
    log: Path
    connected: Path

    @property
    def hosts(self):
        """The hosts that the process connected to or looked up."""
        return set(self.connected.read_text().split())

    @property
    def files(self):
        """All files that it has left."""
        return sorted(path for path in self.temporary.rglob("*") if path.is_file())

    def stop(self):
        """End it as a terminal does, and return its exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(SECONDS)


@contextlib.contextmanager
def served(folder, command, *, path, **environment):
    """Start a server at a free port, given to it in `{port}` of the command or the environment.

    `path` is where it finds modules.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    temporary, log, connected = folder / "temporary", folder / "log", folder / "connected"
    temporary.mkdir()
    (folder / "start").mkdir()
    (folder / "start" / "sitecustomize.py").write_text(NOTE_HOSTS.format(path=str(connected)))
    variables = {key: value.format(port=port) for key, value in environment.items()}
    variables |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    variables["PYTHONPATH"] = os.pathsep.join([str(folder / "start"), str(path)])
    with (
        log.open("w") as output,
        subprocess.Popen(
            [sys.executable, *(word.format(port=port) for word in command)],
            cwd=temporary,
            env=os.environ | variables,
            stdout=output,
            stderr=output,
        ) as process,
    ):
        address = f"http://127.0.0.1:{port}/"
        try:
            _wait_for(address, process, log)
            yield Served(address, process, temporary, log, connected)
        finally:
            process.kill()


def _wait_for(address, process, log):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.2)
    raise TimeoutError(f"the demo does not answer: {log.read_text()}")
