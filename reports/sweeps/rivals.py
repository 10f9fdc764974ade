"""The best rival of involution in each whole case, and the ratio to it."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.sweeps.competition import competing, whole_cases
from reports.sweeps.intervals import Floats, centres, intervals
from reports.sweeps.stages import BEST
from reports.text import words

# More rounds than any process has: the number of a process times this leaves room for a round's.
MOST_ROUNDS = 2**32


def best_rivals(measured: pd.DataFrame, baselines: pd.Series) -> pd.DataFrame:
    """Compare each record of involution with the fastest of the other operators of its case.

    The ratio is that of `intervals.centres` over the rounds that both have, each paired with the
    other's time in the same round. In files whose operators were timed in rounds of their own, the
    ratios to the baseline are paired, in which a drift of the machine cancels too.

    Args:
        measured: records with `ratio`, `ratio_low` and `ratio_high`.
        baselines: the name of each record's baseline, missing where there is none.

    Returns:
        `best_ratio`, `best_low`, `best_high` and `best_rival`, the rival's name; NaN and None for
        all other operators, and where nothing competes.
    """
    cases = whole_cases(measured)
    names = words.series_of(measured)
    others = competing(measured)
    others = others[(others["operator"] != words.SUBJECT) & ~others["is_baseline"]]
    fastest = others.groupby(cases[others.index])["ratio"].idxmin().reindex(cases)
    fastest = fastest.set_axis(measured.index)
    subjects = measured["operator"] == words.SUBJECT
    # The baseline's own ratio is 1 by definition; it needs no record at the same place.
    rival_ratios = measured["ratio"].reindex(fastest).set_axis(measured.index)
    is_rival = subjects & fastest.notna() & ((rival_ratios < 1) | baselines.isna())
    is_baseline = subjects & ~is_rival & baselines.notna()
    own = measured[["ratio", "ratio_low", "ratio_high"]].set_axis(list(BEST), axis=1)
    found = own.where(is_baseline)
    found.loc[is_rival] = _ratios(measured, fastest[is_rival])
    name = baselines.where(is_baseline).astype(object)
    name[is_rival] = names.reindex(fastest[is_rival]).to_numpy()
    return found.assign(best_rival=name.where(name.notna(), None))


def _ratios(measured: pd.DataFrame, rivals: pd.Series) -> Floats:
    """Return median and interval of the ratios of records to their rivals, one row each."""
    result = np.full((len(rivals), 3), np.nan)
    alike: dict[tuple[int, tuple[int, ...]], list[tuple[int, Floats]]] = {}
    columns = measured[["seconds", "baseline_seconds", "process"]]
    rows: dict[Any, Any] = columns.loc[[*dict.fromkeys([*rivals.index, *rivals])]].T.to_dict()
    for place, (own, rival) in enumerate(rivals.items()):
        quotients, processes = _paired(rows[own], rows[rival])
        if not len(quotients):  # measured in different processes alone
            continue
        alike.setdefault((len(quotients), tuple(processes.tolist())), []).append((place, quotients))
    for (_, ran), entries in alike.items():
        samples = np.stack([quotients for _, quotients in entries])
        result[[place for place, _ in entries]] = np.column_stack(
            [centres(samples, ran), intervals(samples, ran)]
        )
    return result


def _paired(own: dict[str, Any], rival: dict[str, Any]) -> tuple[Floats, NDArray[np.int64]]:
    """Return the quotients of the rounds that two records share, and the process of each."""
    keys, first, second = np.intersect1d(
        _round_keys(own), _round_keys(rival), assume_unique=True, return_indices=True
    )
    quotients = _of_baseline(own)[first] / _of_baseline(rival)[second]
    return quotients, keys // MOST_ROUNDS


def _of_baseline(record: dict[str, Any]) -> Floats:
    return np.asarray(record["seconds"] / record["baseline_seconds"], dtype=np.float64)


def _round_keys(record: dict[str, Any]) -> NDArray[np.int64]:
    """Number the rounds so that equal numbers are the same round of the same process."""
    rounds = len(record["seconds"])
    processes = np.ones(rounds, dtype=np.int64)
    if record["process"] is not None:
        processes = np.asarray(record["process"], dtype=np.int64)
    order = np.argsort(processes, kind="stable")
    ordered = processes[order]
    keys = np.empty(rounds, dtype=np.int64)
    keys[order] = ordered * MOST_ROUNDS + np.arange(rounds) - np.searchsorted(ordered, ordered)
    return keys
