"""Command line: `python -m bench.compare REV [-- options of pytest bench]`."""

import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import bench
from bench.compare import command
from bench.compare.errors import ComparisonUsageError, NotComparableError, UnfinishedError
from bench.compare.options import options_of, parser
from bench.words import parsed, resuming
from reports.sources import terminal
from reports.sweeps import gate

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
    # The worktree is removed then, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return command.run(options_of(given, words, ROOT), ROOT)
    except ComparisonUsageError as error:
        command_line.error(str(error))
    except NotComparableError as error:
        status, said = gate.NOT_COMPARABLE, f"Not comparable: {error}"
        if not isinstance(error, UnfinishedError):
            print(said, file=sys.stderr)
            return status
    except KeyboardInterrupt:
        status, said = 130, "\nStopped"
    print(f"{said}. To go on: {resuming('bench.compare', arguments)}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(terminal.run(main))
