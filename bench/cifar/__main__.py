"""Command line: `python -m bench.cifar [--data PATH] [--models NAME ...]`."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

DESCRIPTION = """\
Train models with convolution and with involution on CIFAR, over several seeds.

Everything is kept in a folder: per-epoch history, time per epoch, the trained models and
their kernel maps. A run that was stopped goes on where it stopped when the same command is
given again; a finished one is not trained again."""

EPILOGUE = """\
models:
  tutorial_cnn             the CNN of the Keras tutorial on involution
  tutorial_inn             its involutional network: 3 channels, 24 times fewer parameters
  tutorial_cnn_involution  the CNN with involution at the width of each convolution
  tutorial_inn_wide        the involutional network with as many parameters as the CNN
  resnetD, rednetD         ResNet and RedNet of depth D (14, 26, 38, 50, 101, 152) for CIFAR
  resnetDwW, rednetDwW     the same with W channels in the first stage in place of 64;
                           resnet14w16 and rednet14w16 train on a laptop

exit status: 0 if every run is trained to the end; 1 if one diverged or failed, or there are
no images; 2 for wrong usage; 130 if it was interrupted.

Several GPUs of a machine train together. Several machines do where TF_CONFIG names them; all
must see the same --output folder. The batch is that of all devices together.

examples:
  python -m bench.cifar && python -m reports
  python -m bench.cifar --data cifar-10-python.tar.gz --models resnet14w16 rednet14w16 --augment"""

DEFAULT_FOLDER = Path("results/cifar")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: as in `sys.argv[1:]`, which is the default.

    Returns:
        The exit status.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    # Help and wrong usage need no TensorFlow, which takes seconds to import.
    from bench.cifar.models import model as find

    try:
        models = [find(name) for name in dict.fromkeys(options.models)]
        existing = _existing(options.output)
    except ValueError as error:
        parser.error(str(error))
    if options.profile:
        from bench.profiling import tensorboard

        try:
            tensorboard.require_plugin()
        except tensorboard.MissingPluginError as error:
            print(error, file=sys.stderr)
            return 1
    try:
        return _train_all(parser, options, models, existing)
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on after the last full epoch.", file=sys.stderr)
        return 130


def _train_all(
    parser: argparse.ArgumentParser,
    options: argparse.Namespace,
    models: list[Any],
    existing: dict[str, Any] | None,
) -> int:
    import tensorflow as tf

    from bench.cifar import data, study, training, workers

    try:
        images = data.load(options.data, options.dataset)
    except data.DataError as error:
        print(error, file=sys.stderr)
        return 1
    for note in images.notes:
        print(f"{images.source}: {note}", file=sys.stderr)
    tf.config.experimental.enable_op_determinism()
    try:
        strategy = training.choose_strategy(options.devices)
    except (ValueError, RuntimeError) as error:
        parser.error(f"cannot train on these devices: {error}")
    settings = training.Settings(
        options.epochs, options.batch, options.learning_rate, options.augment
    )
    notes = []
    if workers.is_first():
        try:
            names = [model.name for model in models]
            notes = study.begin(
                options.output,
                names,
                options.seeds,
                settings,
                images,
                strategy.num_replicas_in_sync,
                existing,
            )
        except study.StudyError as error:
            parser.error(str(error))
        except OSError as error:
            parser.error(f"cannot write {options.output}: {error.strerror}")
    return _run_all(options, models, images, settings, strategy, notes)


def _run_all(options, models, images, settings, strategy, notes: list[str]) -> int:
    """Train every model from every seed; seeds outside, so that a stopped study is balanced."""
    import tensorflow as tf

    from bench.cifar import training, workers
    from bench.cifar.store import Store
    from bench.cifar.traces import TRACED, Traces

    runs = [(model, seed) for seed in range(options.seeds) for model in models]
    first = workers.is_first()
    traces = Traces(options.output, options.batch) if options.profile and first else None
    unfinished = 0
    for number, (model, seed) in enumerate(runs, start=1):
        print(f"Run {number} of {len(runs)}: {model.name}, seed {seed}", flush=True)
        store = Store(options.output / model.name / f"seed-{seed}", writable=first)
        boards = options.output.parent / "tensorboard" / options.output.name
        callbacks = [training.tensorboard(boards, model, seed)] if first else []
        tracers = traces.callbacks(model, seed) if traces else []
        try:
            record = training.train(
                model,
                seed,
                images,
                settings,
                store,
                strategy,
                callbacks=[*callbacks, *tracers],
                verbose=1 if sys.stdout.isatty() else 2,
                notes=[*notes, TRACED] if tracers else notes,
            )
        except (ValueError, tf.errors.ResourceExhaustedError) as error:
            # What is wrong with one run does not stop the others.
            print(f"{model.name}, seed {seed}: failed: {error}", file=sys.stderr)
            unfinished += 1
            continue
        accuracy = record.history["val_accuracy"][-1]
        print(f"  {record.state} after {record.epochs} epochs, test accuracy {accuracy:.4f}")
        unfinished += record.state != "finished"
    print(f"Results: {options.output}\nReport:  python -m reports {options.output}")
    if traces:
        print(traces.summary())
    return 1 if unfinished else 0


def _existing(folder: Path) -> dict[str, Any] | None:
    """Return the study that a folder holds; None if it holds none."""
    path = folder / "cifar.json"
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"cannot write {folder}: it is a file; expected a folder")
    if not path.exists():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != 1:
            raise ValueError(f"format {content['format']}")
        if not all(isinstance(content[key], dict) for key in ("settings", "data", "machine_info")):
            raise ValueError("not as this program writes it")
        return content
    except (ValueError, TypeError, KeyError, OSError) as error:
        raise ValueError(
            f"{path} cannot be gone on with ({error}); give another folder: --output FOLDER"
        ) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.cifar",
        description=DESCRIPTION,
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "--data",
        type=Path,
        metavar="PATH",
        help="a folder with cifar-10-batches-py, the published .tar.gz, or an .npz with x_train, "
        "y_train, x_test and y_test (default: downloaded and cached by Keras)",
    )
    add("--dataset", choices=("cifar10", "cifar100"), default="cifar10", help="(default: cifar10)")
    add(
        *("-m", "--models"),
        nargs="+",
        default=["tutorial_cnn", "tutorial_inn"],
        metavar="NAME",
        help="see below (default: tutorial_cnn tutorial_inn)",
    )
    add("--seeds", type=_positive, default=3, metavar="N", help="how many: 0 to N-1 (default: 3)")
    add("--epochs", type=_positive, default=20, metavar="N", help="(default: 20)")
    add("--batch", type=_positive, default=256, metavar="N", help="images (default: 256)")
    add("--learning-rate", type=_rate, default=1e-3, metavar="X", help="of Adam (default: 0.001)")
    add("--augment", action="store_true", help="flip and shift training images at random")
    add(
        "--devices",
        nargs="+",
        default=[],
        metavar="NAME",
        help="devices that train together, such as GPU:0 GPU:1 (default: all GPUs)",
    )
    add(
        "--profile",
        action="store_true",
        help="trace a few steps in the middle of the first epoch of each model for TensorBoard, "
        "into the folder profile beside the results",
    )
    add(
        *("-o", "--output"),
        type=Path,
        default=DEFAULT_FOLDER,
        metavar="FOLDER",
        help=f"where results lie (default: {DEFAULT_FOLDER})",
    )
    return parser


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


if __name__ == "__main__":
    sys.exit(main())
