"""The options of `python -m bench.cifar`; importing them imports no TensorFlow."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from bench.cifar.settings import Settings

DESCRIPTION = """\
Train models with convolution and with involution on CIFAR, over several seeds.

Everything is kept in a folder: per-epoch history, time per epoch, the trained models and
their kernel maps. A run that was stopped is resumed where it stopped when the same command
is given again; a finished one is not trained again."""

EPILOGUE = """\
models:
  tutorial_cnn             the CNN of the Keras tutorial on involution
  tutorial_inn             its involutional network: 3 channels, 24 times fewer parameters
  tutorial_cnn_involution  the CNN with involution at the width of each convolution
  tutorial_inn_wide        the involutional network with as many parameters as the CNN
  resnetD, rednetD         ResNet and RedNet of depth D (14, 18, 26, 38, 50, 101, 152) for
                           CIFAR; docs/study.md has the published accuracies of depth 18
  resnetDwW, rednetDwW     the same with W channels in the first stage in place of 64;
                           resnet14w16 and rednet14w16 train on a laptop

exit status: 0 if every run is trained to the end; 1 if one diverged or failed, or there are
no images; 2 for wrong usage; 130 if it was interrupted.

Several GPUs of a machine train together; the batch is that of all of them. With --address each
run has a node of the cluster to itself, or one GPU of a node with its share of cores. Nodes may
come and go: what a node loses is trained elsewhere from the last full epoch on.

examples:
  python -m bench.cifar && python -m reports
  python -m bench.cifar --data cifar-10-python.tar.gz --models resnet14w16 rednet14w16 --augment
  python -m bench.cifar --address 10.0.0.1:6379 --seeds 10"""

DEFAULT_FOLDER = Path("results/cifar")
DEFAULT_MODELS = ("tutorial_cnn", "tutorial_inn")
_USUAL = Settings()

DatasetName = Literal["cifar10", "cifar100"]
DATASETS: tuple[DatasetName, ...] = get_args(DatasetName)


@dataclass(frozen=True)
class StudyOptions:
    """What the command line asks for.

    Attributes:
        models: names of models, each once.
        seeds: how many.
        settings: what all runs have in common.
        dataset: which data set.
        data: its path; None for Keras's cache.
        devices: names of the devices that train together; none for all GPUs.
        profile: whether to trace a few steps of each model.
        output: the folder of the results.
        address: of the Ray cluster that trains; None for this machine.
        only: words that the hardware or the name of a node must contain, None for all.
        timeout: seconds for an epoch on a node, None for no limit.
        runtime_env: a JSON file of what the nodes need besides the code, None for nothing.
    """

    models: tuple[str, ...]
    seeds: int
    settings: Settings
    dataset: DatasetName
    data: Path | None
    devices: tuple[str, ...]
    profile: bool
    output: Path
    address: str | None = None
    only: str | None = None
    timeout: float | None = None
    runtime_env: Path | None = None


def options_of(given: argparse.Namespace) -> StudyOptions:
    """Return what the parsed command line asks for.

    Args:
        given: what `parser` returned.
    """
    settings = Settings(given.epochs, given.batch, given.learning_rate, given.augment)
    return StudyOptions(
        models=tuple(dict.fromkeys(given.models)),
        seeds=given.seeds,
        settings=settings,
        dataset=given.dataset,
        data=given.data,
        devices=tuple(given.devices),
        profile=given.profile,
        output=given.output,
        address=given.address,
        only=given.only,
        timeout=given.timeout,
        runtime_env=given.runtime_env,
    )


def fault(options: StudyOptions) -> str:
    """Say which options contradict each other; nothing if none do.

    Args:
        options: what the command line asks for.
    """
    if options.address is None:
        alone: dict[str, object] = {
            "--only": options.only,
            "--timeout": options.timeout,
            "--runtime-env": options.runtime_env,
        }
        reason = "it is about the nodes of a cluster: expected --address ADDRESS with it"
    else:
        alone = {"--profile": options.profile, "--devices": options.devices}
        reason = "it is about this machine: expected no --address with it"
    return next((f"{name}: {reason}" for name, given in alone.items() if given), "")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="python -m bench.cifar",
        description=DESCRIPTION,
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_data(made)
    _add_training(made)
    _add_cluster(made)
    made.add_argument(
        "--profile",
        action="store_true",
        help="trace a few steps in the middle of the first epoch of each model for TensorBoard, "
        "into the folder profile next to the results",
    )
    made.add_argument(
        *("-o", "--output"),
        type=Path,
        default=DEFAULT_FOLDER,
        metavar="FOLDER",
        help=f"the folder of the results (default: {DEFAULT_FOLDER})",
    )
    return made


def _add_data(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--data",
        type=Path,
        metavar="PATH",
        help="a folder with cifar-10-batches-py, the published .tar.gz, or an .npz with x_train, "
        "y_train, x_test and y_test (default: downloaded and cached by Keras)",
    )
    made.add_argument(
        "--dataset", choices=DATASETS, default=DATASETS[0], help="(default: %(default)s)"
    )


def _add_training(made: argparse.ArgumentParser) -> None:
    add = made.add_argument
    add(
        *("-m", "--models"),
        nargs="+",
        default=DEFAULT_MODELS,
        metavar="NAME",
        help=f"see below (default: {' '.join(DEFAULT_MODELS)})",
    )
    add("--seeds", type=_positive, default=3, metavar="N", help="how many: 0 to N-1 (default: 3)")
    default = "(default: %(default)s)"
    add("--epochs", type=_positive, default=_USUAL.epochs, metavar="N", help=default)
    add("--batch", type=_positive, default=_USUAL.batch, metavar="N", help=f"images {default}")
    add(
        "--learning-rate",
        type=_rate,
        default=_USUAL.learning_rate,
        metavar="X",
        help=f"of Adam {default}",
    )
    add("--augment", action="store_true", help="flip and shift training images at random")
    add(
        "--devices",
        nargs="+",
        default=[],
        metavar="NAME",
        help="devices that train together, such as GPU:0 GPU:1 (default: all GPUs)",
    )


def _add_cluster(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--address",
        metavar="ADDRESS",
        help="train on a Ray cluster: HOST:PORT of its head node, or auto for one that runs on "
        "this machine (default: train in this process)",
    )
    made.add_argument(
        "--only",
        metavar="WORDS",
        help="with --address: only nodes whose hardware or name contains these words, such as H100",
    )
    made.add_argument(
        "--timeout",
        type=_rate,
        metavar="SECONDS",
        help="with --address: give a node up that trains longer than this at an epoch (default: no "
        "limit)",
    )
    made.add_argument(
        "--runtime-env",
        type=Path,
        metavar="FILE",
        help="with --address: a JSON file of Ray's runtime_env for the nodes, such as "
        '{"pip": ["tensorflow==2.20.0"]}',
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 2**31:
        raise argparse.ArgumentTypeError(f"expected a whole number above 0. Received: {text}")
    return int(text)


def _rate(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number above 0. Received: {text}")
    return value
