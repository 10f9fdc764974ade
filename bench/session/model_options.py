"""The options that say which model of the user's is measured and how it is loaded."""

import argparse
from collections.abc import Callable, Mapping
from importlib import import_module

from bench.cases import Sides
from bench.own.subject import BATCH, OwnModel, own_model
from bench.parsing import parse_image_size
from bench.session.numbers import at_least_one
from reports.sources.case import by_sides


def add(add_option: Callable[..., object]) -> None:
    """Add the options.

    Args:
        add_option: takes what `argparse.ArgumentParser.add_argument` takes.
    """
    add_option(
        "--batch",
        type=at_least_one,
        default=BATCH,
        metavar="N",
        help="images in a call of the model. Default: %(default)s",
    )
    add_option(
        "--image-size",
        type=parse_image_size,
        metavar="SIZE",
        help="size of the images for a model that takes any: 224, or 224x320 for rows x columns",
    )
    add_option(
        "--import",
        dest="imports",
        action="append",
        default=[],
        metavar="MODULE",
        help="import a module that registers layers of your own; may be repeated",
    )
    add_option(
        "--trust-model",
        action="store_true",
        help="let the file of the model run code that it holds, such as lambdas",
    )


def words(given: argparse.Namespace) -> list[str]:
    """Write the options as words of a command line.

    Args:
        given: the options as they were parsed.

    Example:
        >>> words(argparse.Namespace(batch=2, image_size=(32, 48), imports=[], trust_model=True))
        ['--batch=2', '--image-size=32x48', '--trust-model']
    """
    size = [f"--image-size={by_sides(given.image_size)}"] if given.image_size else []
    imports = [f"--import={name}" for name in given.imports]
    return [f"--batch={given.batch}", *size, *imports, *["--trust-model"] * given.trust_model]


def loaded(
    name: str, given: argparse.Namespace, kernel_sizes: Mapping[str, Sides] | None = None
) -> OwnModel:
    """Load a model as the options say.

    Args:
        name: a .keras file, or a name of keras.applications or involution.models.
        given: the options as they were parsed.
        kernel_sizes: by path of a layer, that of the involution in its place. Default: none.

    Raises:
        ValueError: if a module cannot be imported; ModelError if there is no such model, or none
            that can be measured.
    """
    for module in given.imports:
        _import(module)
    return own_model(
        name,
        batch=given.batch,
        image_size=given.image_size,
        trusted=given.trust_model,
        kernel_sizes=kernel_sizes,
    )


def _import(name: str) -> None:
    try:
        import_module(name)
    except Exception as error:  # a module can raise anything
        raise ValueError(
            f"--import: expected a module that can be imported. Received: {name} ({error})"
        ) from error
