"""The options of `python -m bench.trial`."""

import argparse
from pathlib import Path

from bench.cases import Sides
from bench.parsing import parse_value
from bench.session import model_options
from bench.session.numbers import at_least_one
from bench.sweeps import SWEEP_SIZES
from bench.trial.choice import FAVOURED
from involution.geometry import odd_pair

DESCRIPTION = """\
Try involution in a Keras model of your own, and make a page about it.

Each spatial convolution of the model is measured against involution with its kernel size and with
7, forward and in training. Involution then takes the place of the layers where it is faster, or of
those that you name. The model and the new one are measured as wholes, and so is what is not a
spatial convolution. The new layers are not trained, so the accuracy of the new model is unknown."""

EPILOGUE = """\
Options of `pytest bench` follow behind `--`, such as `--benchmark-max-time 2`: both measurements
take them. The layers alone are in NAME.layers.json and the whole models in NAME.whole.json, in the
folder of FILE.

exit status: 0 if all that was asked for was done, also where involution is faster nowhere; 1 if
something could not be measured or written; 2 for wrong usage; 130 if it was stopped.

examples:
  python -m bench.trial ResNet50
  python -m bench.trial model.keras --image-size 224 --save model-involution.keras
  python -m bench.trial model.keras --favour forward --layers results/trial/model.json
  python -m bench.trial model.keras --replace "block3_*" --kernel-size 7"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of what is before `--`."""
    made = argparse.ArgumentParser(
        prog="python -m bench.trial",
        usage="%(prog)s MODEL [options] [-- options of pytest bench]",
        description=DESCRIPTION,
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument(
        "model",
        metavar="MODEL",
        help="a .keras file, or a name of keras.applications or involution.models",
    )
    model_options.add(made.add_argument)
    _add_choice(made)
    _add_measurement(made)
    _add_places(made)
    return made


def _add_choice(made: argparse.ArgumentParser) -> None:
    """Add the options that say which layers are replaced, and with what."""
    made.add_argument(
        "--replace",
        dest="patterns",
        action="append",
        default=[],
        metavar="PATTERN",
        help="replace the layers whose path matches, such as 'conv4_*', however long they take; "
        "may be repeated. Default: those where involution is faster",
    )
    made.add_argument(
        "--kernel-size",
        type=_kernel_size,
        metavar="SIZE",
        help="kernel size of each involution: 7, or 3x7. Default: the faster of those measured",
    )
    made.add_argument(
        "--favour",
        choices=tuple(FAVOURED),
        default="both",
        help="what must be faster for a layer to be replaced. Default: %(default)s",
    )


def _add_measurement(made: argparse.ArgumentParser) -> None:
    """Add the options that say how it is measured."""
    made.add_argument(
        "--sweep-size",
        choices=SWEEP_SIZES,
        default="default",
        help="how long to measure, as for `pytest bench`. Default: %(default)s",
    )
    made.add_argument(
        "--processes",
        type=at_least_one,
        default=1,
        metavar="N",
        help="measure in N new processes, as for `pytest bench`. Default: %(default)s",
    )
    made.add_argument(
        "--layers",
        type=Path,
        metavar="FILE",
        help="results of the same model's layers, of an earlier trial or `pytest bench "
        "--layers-of`: they are not measured again",
    )
    made.add_argument(
        "--resume",
        action="store_true",
        help="resume an interrupted trial of the same options",
    )


def _add_places(made: argparse.ArgumentParser) -> None:
    """Add the options that say where something is written."""
    made.add_argument(
        *("-o", "--output"),
        type=Path,
        metavar="FILE",
        help="the results, a .json file; the page is in its folder, with .html for .json "
        "(default: results/trial/NAME.json)",
    )
    made.add_argument(
        "--save",
        type=Path,
        metavar="FILE",
        help="write the new model to a .keras file",
    )


def _kernel_size(text: str) -> Sides:
    try:
        value = parse_value("kernel_size", text)
        assert not isinstance(value, str)  # it is one of sides
        vertical, horizontal = odd_pair(value, "kernel_size")
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return vertical if vertical == horizontal else (vertical, horizontal)
