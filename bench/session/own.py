"""The options that ask for cases of the user's own, in place of the suite's sweeps."""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import tensorflow as tf

from bench.cases import Sides
from bench.operators import ALL_OPERATORS, OPERATORS
from bench.own import cases
from bench.own.contests import contests_of
from bench.own.subject import described
from bench.parsing import KEYS
from bench.session import model_options, processes
from bench.sweeps import Contest, ListedSweep, Sweep

# The modules whose benchmarks are planned here, by the file's name.
OF_CASES, OF_LAYERS = "bench_cases", "bench_layers"
OWN = (OF_CASES, OF_LAYERS)

# What tells a model and its images from others: a run of another one is not resumed.
IDENTITY = ("name", "digest", "batch", "height", "width", "dtype", "replaced")

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
    model_options.add(group.addoption)
    # What the trial of a model adds: only its layers; or only the whole, as it is and with
    # involution in the place of layers, of which there may be none.
    group.addoption("--layers-alone", action="store_true", help=argparse.SUPPRESS)
    group.addoption("--replaced", type=_kernel_sizes, help=argparse.SUPPRESS)


def _kernel_sizes(text: str) -> dict[str, Sides]:
    """Read a JSON object: by path of a layer, the kernel size of the involution in its place."""
    found = json.loads(text).items()
    return {path: tuple(size) if isinstance(size, list) else size for path, size in found}


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
    operators = cases.kept(option.operators, ALL_OPERATORS) if option.operators else OPERATORS
    return {OF_CASES: cases.contests(option.case, option.axis, operators)}


def _of_model(config: pytest.Config) -> dict[str, Sequence[Contest]]:
    option = config.option
    if processes.is_parent(option):
        # On a GPU the model would take the memory that the processes need that measure.
        tf.config.set_visible_devices([], "GPU")
    own = model_options.loaded(option.layers_of, option, option.replaced)
    config.stash[MODEL] = described(own)
    planned = contests_of(
        own, has_layers=option.replaced is None, has_whole=not option.layers_alone
    )
    return {OF_LAYERS: planned}


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
    operators = cases.kept(names, ALL_OPERATORS if operators is OPERATORS else operators)
    if len(operators) == 1:  # the baseline: nothing competes with it
        return [Contest(ListedSweep(sweep.name, sweep.axis, {}), operators)]
    return [Contest(sweep, operators)]


def is_part_of_trial(config: pytest.Config) -> bool:
    """Return whether a trial of a model started this run, and says itself what came out.

    Args:
        config: pytest's configuration.
    """
    return config.option.layers_alone or config.option.replaced is not None


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
        given |= {name: of_model[name] for name in IDENTITY}
    return {name: value for name, value in given.items() if value}
