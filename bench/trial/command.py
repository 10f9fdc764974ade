"""What `python -m bench.trial` does once all is checked."""

import json
from collections.abc import Mapping
from pathlib import Path
from textwrap import fill
from typing import Any, cast

import keras

from bench.own.layers import uses
from bench.own.replacing import replaced
from bench.session import results
from bench.session.journal import Journal
from bench.trial import children, choice, documents, running, summary
from bench.trial.checks import Trial
from bench.trial.documents import check_same
from bench.trial.errors import TrialError, TrialUsageError
from reports.sources.files import UnreadableError, read_json, shown_path
from reports.sources.writing import UnwritableError, write_json, write_whole
from reports.sweeps import load
from reports.sweeps.leading import finding
from reports.sweeps.run import SweepRun


def run(trial: Trial) -> int:
    """Measure the layers, choose, measure the whole models, and say and write what came out.

    Args:
        trial: of `checks.trial_of`.

    Returns:
        The exit status: 0, or 1 if something could not be measured.

    Raises:
        TrialError: if it cannot go on.
        KeyboardInterrupt: if the user stops it; what is finished is kept.
    """
    _put_aside(trial)
    layers, has_layers = _layers(trial)
    sizes = choice.chosen(uses(trial.own.model), _run(layers).judged, trial.wish)
    found = summary.of_choice(sizes, trial.wish.directions)
    print(f"\n{found}", flush=True)
    new = replaced(trial.own.model, sizes) if sizes else None
    if new is not None:
        running.check(trial.own.model, new)
    has_whole = _measure(trial, "whole", f"--replaced={json.dumps(sizes)}")
    _write(trial, layers, new)
    children.make_page(trial.output, trial.page, trial.root)
    _conclude(trial, found, new)
    return 0 if has_layers and has_whole else 1


def _conclude(trial: Trial, choice_in_words: str, new: keras.Model | None) -> None:
    """Say what came out, and where it is."""
    found = _run(trial.output)
    title, _ = finding(found.judged, found.model)
    print(f"\n{summary.of_whole(found.judged)}\n\n{choice_in_words}")
    print(fill(f"{title}.", summary.WIDTH))
    if new is not None:
        print(summary.ACCURACY)
    print(f"\nPage:    {shown_path(trial.page)}")
    print(f"Results: {shown_path(trial.output)}")
    if trial.save:
        where = shown_path(trial.save) if new is not None else "not saved: nothing was replaced"
        print(f"Model:   {where}")


def _layers(trial: Trial) -> tuple[Path, bool]:
    """Return the results file of the layers, and whether all of them could be measured."""
    if trial.layers:
        return trial.layers, True
    return trial.part("layers"), _measure(trial, "layers", "--layers-alone")


def _measure(trial: Trial, part: str, *words: str) -> bool:
    titles = {"layers": "the layers of", "whole": "as a whole,"}
    print(f"\n--- {titles[part]} {trial.own.name} ---", flush=True)
    path = trial.part(part)
    path.parent.mkdir(parents=True, exist_ok=True)
    is_whole = children.measure([*trial.words, *words], path, trial.root, resumes=trial.resumes)
    try:
        # Each run loads the model again.
        check_same(_run(path).model, trial.own, "the model")
    except TrialUsageError as error:
        raise TrialError(f"the model was changed during the trial: {error}") from error
    return is_whole


def _put_aside(trial: Trial) -> None:
    """Keep what an earlier trial left: its results, and journals that are not to be resumed."""
    if trial.resumes:
        return
    for path in map(results.journal_path, map(trial.part, ("layers", "whole"))):
        if Journal(path).is_interrupted:
            results.put_aside(path)
        else:
            path.unlink(missing_ok=True)
    if trial.keeps_older:
        for path in (trial.output, trial.page):
            if path.exists():
                results.put_aside(path)


def _run(path: Path) -> SweepRun:
    """Read a results file of this trial."""
    try:
        return load.run_of(path)
    except UnreadableError as error:
        raise TrialError(f"{shown_path(path)}: {error}") from error


def _write(trial: Trial, layers: Path, new: keras.Model | None) -> None:
    """Write the results as one file, and the new model."""
    try:
        parts = [_document(path) for path in (layers, trial.part("whole"))]
        write_json(trial.output, documents.joined(*parts))
        if trial.save and new is not None:
            write_whole(trial.save, new.save, suffix=".keras")
    except (OSError, UnreadableError, UnwritableError) as error:
        raise TrialError(f"cannot write: {error}; --resume goes on") from error


def _document(path: Path) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", read_json(path, "measure again"))
