"""Command line: `python -m bench.cifar.publish RUN --to hf://USER/NAME`."""

import argparse
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from reports.sources import terminal

SCHEME = "hf://"
DEFAULT_FOLDER = Path("results/hub")

DESCRIPTION = """\
Publish a trained model on the Hugging Face hub, with a model card.

The repository gets the files that Keras writes for hf:// addresses, the card as README.md, and
run.json with loss and accuracy after each epoch, all in one commit. Anyone then loads the model by
keras.saving.load_model("hf://USER/NAME")."""

EPILOGUE = """\
exit status: 0 if the model is published, or the folder written; 1 if the hub does not take it;
2 for wrong usage.

examples:
  python -m bench.cifar.publish results/cifar/tutorial_inn/seed-0 --to hf://USER/inn --dry-run
  python -m bench.cifar.publish results/cifar/tutorial_inn/seed-0 --to hf://USER/inn"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: as in `sys.argv[1:]`, which is the default.

    Returns:
        The exit status.
    """
    command_line = _parser()
    given = command_line.parse_args(arguments)
    if find_spec("huggingface_hub") is None:
        command_line.error(
            "expected huggingface_hub: pip install -e . --group publish. Received: no such package"
        )
    # Help and most wrong usage need no TensorFlow, which takes seconds to import.
    import bench.startup  # noqa: F401, PLC0415
    from bench.cifar.publish import command  # noqa: PLC0415

    try:
        if given.dry_run is None:
            return command.upload(given.run, given.to, replace=given.replace)
        folder = given.dry_run or None
        return command.write(given.run, given.to, folder, default=DEFAULT_FOLDER)
    except ValueError as error:
        command_line.error(str(error))


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m bench.cifar.publish",
        description=DESCRIPTION,
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument(
        "run",
        type=Path,
        metavar="RUN",
        help="the folder of one trained model: MODEL/seed-N in results of python -m bench.cifar",
    )
    made.add_argument(
        "--to",
        type=_repository,
        required=True,
        metavar="hf://USER/NAME",
        help="the repository on the hub, which is made if there is none",
    )
    made.add_argument(
        "--dry-run",
        nargs="?",
        type=Path,
        const=False,  # a string would be made a path
        metavar="FOLDER",
        help="upload nothing, and need no network: write what would be uploaded into FOLDER, which "
        f"must be new or empty (default: a new folder in {DEFAULT_FOLDER})",
    )
    made.add_argument(
        "--replace",
        action="store_true",
        help="write a repository that holds something else than this run, whose files are deleted",
    )
    return made


def _repository(address: str) -> str:
    name = address.removeprefix(SCHEME)
    if name == address or name.count("/") != 1 or not all(name.split("/")):
        raise argparse.ArgumentTypeError(f"expected hf://USER/NAME. Received: {address}")
    return name


if __name__ == "__main__":
    sys.exit(terminal.run(main))
