"""Command line: `python -m bench.cifar.weights RUN ...`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from reports.sources import terminal

DEFAULT_FOLDER = Path("involution", "models", "weights")
DEFAULT_SAMPLE = Path("demo", "images.png")

DESCRIPTION = """\
Put trained models of a study into the package.

Of each run the weights are written, without the optimizer's state, so that for instance
tutorial_inn(weights="cifar10") loads them. index.json has the hash of each file and the metrics,
README.md is the model card. Weights that the index of an earlier call names and that are not
written again are removed: name the runs of all models that are to have weights."""

EPILOGUE = """\
exit status: 0 if all files are written; 2 for wrong usage.

example: the three models that have weights, of a study with the default folder; weights of any
other model are removed
  python -m bench.cifar --models tutorial_cnn tutorial_inn tutorial_cnn_involution
  python -m bench.cifar.weights \\
      results/cifar/{tutorial_cnn,tutorial_inn,tutorial_cnn_involution}/seed-0"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: as in `sys.argv[1:]`, which is the default.

    Returns:
        The exit status.
    """
    command_line = _parser()
    given = command_line.parse_args(arguments)
    # Help and most wrong usage need no TensorFlow, which takes seconds to import.
    import bench.startup  # noqa: F401, PLC0415
    from bench.cifar.weights import command  # noqa: PLC0415

    try:
        return command.write(given.runs, given.output, given.sample, given.data)
    except ValueError as error:
        command_line.error(str(error))


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m bench.cifar.weights",
        description=DESCRIPTION,
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument(
        "runs",
        nargs="+",
        type=Path,
        metavar="RUN",
        help="the folder of one trained model: MODEL/seed-0 in results of python -m bench.cifar; "
        "all of one study of CIFAR-10",
    )
    made.add_argument(
        "--sample",
        type=Path,
        default=DEFAULT_SAMPLE,
        metavar="FILE",
        help="test images as a PNG file, a row per class, of which the index says how many each "
        f"model classifies correctly (default: {DEFAULT_SAMPLE})",
    )
    made.add_argument(
        "--data",
        type=Path,
        metavar="PATH",
        help="the images of the study, as for python -m bench.cifar: the sample is then written "
        "again, the first 20 test images of each class (default: it is read)",
    )
    made.add_argument(
        *("-o", "--output"),
        type=Path,
        default=DEFAULT_FOLDER,
        metavar="FOLDER",
        help=f"the folder of the weights (default: {DEFAULT_FOLDER})",
    )
    return made


if __name__ == "__main__":
    sys.exit(terminal.run(main))
