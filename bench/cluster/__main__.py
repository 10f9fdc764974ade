"""Command line: `python -m bench.cluster [--address ADDRESS] [-- options of pytest bench]`."""

import os
import platform
import signal
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import bench
from bench.cluster.errors import ClusterError, ClusterUsageError
from bench.cluster.options import options_of, parser
from bench.words import parsed, resuming
from reports.sources import terminal

ROOT = Path(bench.__file__).parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: as in `sys.argv[1:]`, which is the default.

    Returns:
        The exit status.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    command_line = parser()
    given, words = parsed(command_line, arguments)
    if os.name != "posix":  # a node's processes get their connection as POSIX hands it on
        command_line.error(f"expected Linux or macOS. Received: {platform.system()}")
    if find_spec("ray") is None:
        command_line.error("expected Ray, as pip install -e . --group cluster installs it")
    from bench.cluster import command  # noqa: PLC0415 - it needs Ray

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return command.run(options_of(given, words, ROOT), ROOT)
    except ClusterUsageError as error:
        command_line.error(str(error))
    except ClusterError as error:
        status, said = 1, f"{error}; what is finished is kept"
    except OSError as error:
        status, said = 1, f"Stopped: {error}"
    except KeyboardInterrupt as stop:
        status, said = 130, f"\nStopped: {str(stop) or 'what is finished is kept'}"
    print(f"{said}. To go on: {resuming('bench.cluster', arguments)}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(terminal.run(main))
