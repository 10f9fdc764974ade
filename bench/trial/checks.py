"""All that can be checked before any work: the model, what is asked for, and where it goes."""

import argparse
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import tensorflow as tf

from bench.cases import Sides
from bench.own.contests import KERNEL_SIZE
from bench.own.in_place import in_place_of
from bench.own.layers import uses
from bench.own.named import named
from bench.own.replacing import matching
from bench.own.subject import OwnModel
from bench.session import model_options
from bench.trial.choice import FAVOURED, Wish
from bench.trial.documents import check_same
from bench.trial.errors import TrialUsageError
from bench.words import RESERVED
from involution.geometry import pair
from reports.sources.files import UnreadableError, shown_path
from reports.sources.writing import UnwritableError, check_writable
from reports.sweeps import load
from reports.sweeps.model.description import LAYERS

RESULTS = Path("results", "trial")
# What a trial sets itself besides.
OF_A_TRIAL = (
    *RESERVED,
    *("--layers-of", "--layers-alone", "--replaced", "--case", "--axis", "--operators"),
    *("--batch", "--image-size", "--import", "--trust-model"),
    *("--sweep-size", "--shard"),
)


@dataclass(frozen=True)
class Trial:
    """A trial that can begin.

    Attributes:
        own: the model.
        wish: which layers are to be replaced.
        words: options of `pytest bench` of each of its runs.
        layers: results of the layers that are there already, None where they are to be measured.
        output: the results file; absolute, as the other paths.
        save: where the new model is written, None for nowhere.
        keeps_older: whether results that are there already are kept under their date.
        resumes: whether an interrupted trial is resumed.
        root: the top folder of the clone.
    """

    own: OwnModel
    wish: Wish
    words: tuple[str, ...]
    layers: Path | None
    output: Path
    save: Path | None
    keeps_older: bool
    resumes: bool
    root: Path

    @property
    def page(self) -> Path:
        """The page about the results."""
        return self.output.with_suffix(".html")

    def part(self, name: str) -> Path:
        """Return the results file of one of the runs.

        Args:
            name: "layers" or "whole".
        """
        return self.output.with_suffix(f".{name}.json")


def trial_of(given: argparse.Namespace, words: Sequence[str], root: Path) -> Trial:
    """Check all that a trial needs.

    Args:
        given: parsed by `options.parser`.
        words: options of `pytest bench`.
        root: the top folder of the clone.

    Returns:
        The trial; nothing is written or measured yet.

    Raises:
        TrialUsageError: if it cannot be done; ModelError if the model cannot be measured or
            changed in this way.
    """
    _check_words(words)
    if given.save is not None and given.save.suffix != ".keras":
        raise TrialUsageError(
            f'--save: expected a name that ends in ".keras". Received: {given.save}'
        )
    if given.output is not None and given.output.suffix != ".json":
        raise TrialUsageError(
            f'--output: expected a name that ends in ".json". Received: {given.output}'
        )
    # The runs are in another folder. What is no file is a name, perhaps a wrong one.
    is_file = not named(given.model) and Path(given.model).exists()
    model = str(Path(given.model).absolute()) if is_file else given.model
    own = model_options.loaded(model, given)
    trial = Trial(
        own=own,
        wish=_wish(given, own),
        words=(
            f"--layers-of={model}",
            *model_options.words(given),
            *(f"--sweep-size={given.sweep_size}", f"--processes={given.processes}"),
            *words,
        ),
        layers=given.layers.absolute() if given.layers else None,
        output=(given.output or root / RESULTS / f"{own.name}.json").absolute(),
        save=given.save.absolute() if given.save else None,
        keeps_older=given.output is None,
        resumes=given.resume,
        root=root,
    )
    if trial.layers:
        _check_layers(trial.layers, own)
    _check_places(trial, Path(model))
    return trial


def _check_words(words: Sequence[str]) -> None:
    for word in words:
        name = word.split("=")[0]
        if name in OF_A_TRIAL:
            raise TrialUsageError(f"behind --: a trial takes no {name}")


def _wish(given: argparse.Namespace, own: OwnModel) -> Wish:
    """Return what is asked for, if involution can do it in this model."""
    paths = matching(own.model, given.patterns) if given.patterns else None
    size: Sides | None = given.kernel_size
    if size is not None and paths is None:
        _check_measured(size, own)
    elif size is not None:
        for use in uses(own.model):
            if {*use.names} & {*(paths or ())}:
                in_place_of(use, size)  # raises an error where it cannot
    return Wish(paths, size, FAVOURED[given.favour])


def _check_measured(size: Sides, own: OwnModel) -> None:
    """Refuse a kernel size of which no measurement can tell whether it is faster."""
    measured = {use.kernel_size for use in uses(own.model) if use.reason is None}
    measured.add((KERNEL_SIZE, KERNEL_SIZE))
    if pair(size, "kernel_size") not in measured:
        known = ", ".join(sorted("x".join(map(str, each)) for each in measured))
        raise TrialUsageError(
            f"--kernel-size: without --replace, expected one that is measured, {known}. "
            f"Received: {size}"
        )


def _check_layers(path: Path, own: OwnModel) -> None:
    try:
        run = load.run_of(path)
    except UnreadableError as error:
        raise TrialUsageError(f"--layers: {shown_path(path)}: {error}") from error
    check_same(run.model, own, "--layers")
    if LAYERS not in set(run.records["sweep"]):
        raise TrialUsageError(f"--layers: expected records of layers. Received: none in {path}")
    # One results file is of one machine and its software.
    here = {"node": platform.node(), "tensorflow": tf.__version__, "keras": keras.__version__}
    there = {name: run.machine_info.get(name) for name in here}
    for name, expected in here.items():
        if there[name] != expected:
            raise TrialUsageError(
                "--layers: expected results of this machine and its software, "
                f"{name}={expected}. Received: {there[name]}"
            )


def _check_places(trial: Trial, model: Path) -> None:
    if trial.save and trial.save.exists() and model.exists() and trial.save.samefile(model):
        raise TrialUsageError(
            f"--save: expected another file than that of the model. Received: {model}"
        )
    files = [trial.output, trial.page, trial.part("layers"), trial.part("whole")]
    for path in [*files, *([trial.save] if trial.save else [])]:
        try:
            check_writable(path)
        except UnwritableError as error:
            raise TrialUsageError(f"cannot write {error}") from error
