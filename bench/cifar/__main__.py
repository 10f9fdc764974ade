"""Command line: `python -m bench.cifar [--data PATH] [--models NAME ...]`."""

import sys
from collections.abc import Sequence

from bench.cifar.options import fault, options_of, parser
from reports.sources import terminal


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: as in `sys.argv[1:]`, which is the default.

    Returns:
        The exit status.
    """
    command_line = parser()
    options = options_of(command_line.parse_args(arguments))
    if reason := fault(options):
        command_line.error(reason)
    # Help and most wrong usage need no TensorFlow, which takes seconds to import.
    import bench.startup  # noqa: F401, PLC0415
    from bench.cifar import command  # noqa: PLC0415

    try:
        return command.run(options)
    except command.WrongUsageError as error:
        command_line.error(str(error))
    except KeyboardInterrupt:
        print("\nStopped. The same command resumes it after the last full epoch.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(terminal.run(main))
