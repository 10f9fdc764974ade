"""The options that ask for cases of the user's own, in place of the suite's sweeps."""

import argparse
import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bench.operators import ALL_OPERATORS, OPERATORS
from bench.own import cases
from bench.own.contests import contests_of
from bench.own.subject import BATCH, described, own_model
from bench.parsing import KEYS, parse_image_size
from bench.session.numbers import at_least_one
from bench.sweeps import Contest, Sweep

# The modules whose benchmarks are planned here, by the file's name.
OF_CASES, OF_LAYERS = "bench_cases", "bench_layers"
OWN = (OF_CASES, OF_LAYERS)

CONTESTS = pytest.StashKey[Mapping[str, Sequence[Contest]]]()
MODEL = pytest.StashKey[Mapping[str, Any] | None]()


def add(group: pytest.OptionGroup) -> None:
    """Add the options.

    Args:
        group: the options of the sweeps.
    """
    group.addoption(
        "--case",
        action="append",
        default=[],
        metavar="KEY=VALUE,...",
        help="measure a case of your own in place of the sweeps: sizes that differ from the base "
        f"case, among {', '.join(KEYS)}; kernel_size, strides and dilation_rate also as 3x7; "
        "direction=forward or =training for one of the two alone; may be repeated",
    )
    group.addoption(
        "--axis",
        action="append",
        default=[],
        metavar="KEY=VALUE,...",
        help="measure a sweep of your own: one size of the base case, or of the one --case, takes "
        "these values; may be repeated",
    )
    group.addoption(
        "--operators",
        nargs="+",
        default=[],
        metavar="NAME",
        help="who competes with the baseline, in the sweeps or in cases of your own: "
        f"{', '.join(map(repr, ALL_OPERATORS))}",
    )
    _add_model(group)


def _add_model(group: pytest.OptionGroup) -> None:
    group.addoption(
        "--layers-of",
        metavar="MODEL",
        help="measure the spatial convolutions of a model, and involution in their place: a .keras "
        "file, or a name of keras.applications or involution.models",
    )
    group.addoption(
        "--batch",
        type=at_least_one,
        default=BATCH,
        metavar="N",
        help="images in a call of the model. Default: %(default)s",
    )
    group.addoption(
        "--image-size",
        type=parse_image_size,
        metavar="SIZE",
        help="size of the images for a model that takes any: 224, or 224x320 for rows x columns",
    )
    group.addoption(
        "--import",
        dest="imports",
        action="append",
        default=[],
        metavar="MODULE",
        help="import a module that registers layers of your own; may be repeated",
    )
    group.addoption(
        "--trust-model",
        action="store_true",
        help="let the file of the model run code that it holds, such as lambdas",
    )
    # What the trial of a model adds: only its layers, or only the whole with involution in it.
    group.addoption("--layers-alone", action="store_true", help=argparse.SUPPRESS)
    group.addoption("--replaced", type=json.loads, default={}, help=argparse.SUPPRESS)


def complete(config: pytest.Config) -> None:
    """Plan what the options ask for.

    Raises:
        pytest.UsageError: if they ask for what is not there, or does not fit.
    """
    option = config.option
    config.stash[MODEL] = None
    if option.layers_of and (option.case or option.axis or option.operators):
        raise pytest.UsageError("--layers-of takes no --case, no --axis and no --operators")
    try:
        option.operators = cases.checked_operators(option.operators)
        config.stash[CONTESTS] = _of_model(config) if option.layers_of else _of_cases(option)
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error


def _of_cases(option: argparse.Namespace) -> dict[str, Sequence[Contest]]:
    if not option.case and not option.axis:
        return {}
    operators = cases.chosen(option.operators, ALL_OPERATORS) if option.operators else OPERATORS
    return {OF_CASES: cases.contests(option.case, option.axis, operators)}


def _of_model(config: pytest.Config) -> dict[str, Sequence[Contest]]:
    option = config.option
    for name in option.imports:
        _import(name)
    own = own_model(
        option.layers_of,
        batch=option.batch,
        image_size=option.image_size,
        trusted=option.trust_model,
        kernel_sizes=option.replaced,
    )
    config.stash[MODEL] = described(own)
    return {OF_LAYERS: contests_of(own, has_whole=not option.layers_alone)}


def _import(name: str) -> None:
    try:
        import_module(name)
    except ImportError as error:
        raise ValueError(
            f"--import: expected a module that can be imported. Received: {name} ({error})"
        ) from error


def is_ignored(config: pytest.Config, path: Path) -> bool:
    """Say whether a file has no part in a run: the sweeps where own cases are asked for, or these.

    Args:
        config: pytest's configuration.
        path: a file that pytest would collect.
    """
    asked = config.stash[CONTESTS]
    if asked:
        return path.stem.startswith("bench_") and path.stem not in asked
    return path.stem in OWN


def contests(config: pytest.Config, module: ModuleType) -> Sequence[Contest]:
    """Return the sweeps of a module, each with its operators.

    Args:
        config: pytest's configuration.
        module: a file that pytest has collected; one without a sweep has none.
    """
    name = module.__name__.rpartition(".")[2]
    if name in OWN:
        return config.stash[CONTESTS].get(name, [])
    sweep = getattr(module, "SWEEP", None)
    if not isinstance(sweep, Sweep):
        return []
    names = config.option.operators
    operators = getattr(module, "OPERATORS", OPERATORS)
    if not names:
        return [Contest(sweep, operators)]
    # Where a sweep takes the operators of all sweeps, any other may join.
    operators = cases.chosen(names, ALL_OPERATORS if operators is OPERATORS else operators)
    return [Contest(sweep, operators)]


def model(config: pytest.Config) -> Mapping[str, Any] | None:
    """Return the description of the model that is measured, None without one.

    Args:
        config: pytest's configuration.
    """
    return config.stash[MODEL]


def suite(config: pytest.Config) -> dict[str, object]:
    """Return the settings that two runs must share, those alone that were given."""
    option = config.option
    given = {"cases": option.case, "axes": option.axis, "operators": option.operators}
    of_model = model(config)
    if of_model:
        given |= {name: of_model[name] for name in ("source", "digest", "batch", "replaced")}
    return {name: value for name, value in given.items() if value}
