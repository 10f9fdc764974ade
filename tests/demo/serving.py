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


@dataclass
class Served:
    """A server that answers.

    Attributes:
        address: of its page.
        process: that serves it.
        temporary: the only folder for temporary files that it knows; it works in it, too.
        log: what it has said.
    """

    address: str
    process: subprocess.Popen
    temporary: Path
    log: Path

    @property
    def files(self):
        """All files that it has left."""
        return sorted(path for path in self.temporary.rglob("*") if path.is_file())

    def stop(self):
        """End it as a terminal does, and return its exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(SECONDS)


@contextlib.contextmanager
def served(folder, command, **environment):
    """Start a server at a free port, given to it in `{port}` of the command or the environment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    temporary, log = folder / "temporary", folder / "log"
    temporary.mkdir()
    variables = {key: value.format(port=port) for key, value in environment.items()}
    variables |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
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
            yield Served(address, process, temporary, log)
        finally:
            process.kill()


def _wait_for(address, process, log):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.2)
    raise TimeoutError(f"the demo does not answer: {log.read_text()}")
