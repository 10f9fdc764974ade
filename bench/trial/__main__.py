"""Command line: `python -m bench.trial MODEL [options] [-- options of pytest bench]`."""

import bench.startup  # noqa: I001 - first of those that import TensorFlow

import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import tensorflow as tf

import bench
from bench.words import parsed
from bench.trial import command
from bench.trial.checks import trial_of
from bench.trial.errors import TrialError
from bench.trial.options import parser
from reports.sources import terminal

ROOT = Path(bench.__file__).parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: as in `sys.argv[1:]`, which is the default.

    Returns:
        The exit status.
    """
    command_line = parser()
    given, words = parsed(command_line, sys.argv[1:] if arguments is None else arguments)
    # A GPU and its memory are for the processes that measure.
    tf.config.set_visible_devices([], "GPU")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        trial = trial_of(given, words, ROOT)
    except ValueError as error:
        command_line.error(str(error))
    except KeyboardInterrupt:
        return 130
    try:
        return command.run(trial)
    except (TrialError, ValueError) as error:
        print(f"The trial has not ended: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command with --resume goes on.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(terminal.run(main))
