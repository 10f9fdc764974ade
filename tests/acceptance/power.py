"""How often the strong gate finds a planted slowdown, and calls equal code changed."""

import copy
import json

import numpy as np
from scipy.stats import norm

from bench.compare.documents import joined
from reports.sweeps.comparison import compare
from reports.sweeps.load import from_document
from reports.sweeps.significance import FALSE_DISCOVERIES


class Pairs:
    """Results of the same code on both sides, by process.

    `before` and `after` are documents in order of process; `names` are the cases in which a
    slowdown is planted, one after the other.
    """

    def __init__(self, before, after, most_cases):
        self._before = before
        self.before = _run(before, "before")
        self.after = after
        rivals = [entry for entry in after[0]["benchmarks"] if _competes(entry["extra_info"])]
        self.names = [entry["fullname"] for entry in rivals][:most_cases]

    def changed(self, threshold):
        """How many of the cases are called slower or faster, though nothing is planted."""
        cases = self._compared(self.after, threshold).loc[self.names, "verdict"]
        return int(cases.isin(["slower", "faster"]).sum())

    def found(self, share, threshold):
        """In how many of the cases a slowdown is found that is planted there alone."""
        verdicts = [
            self._compared(planted(self.after, name, share), threshold).loc[name, "verdict"]
            for name in self.names
        ]
        return verdicts.count("slower")

    def scatter(self):
        """The standard deviation of a pair's difference, by case, as a share."""
        before, after = (
            np.array([_log_ratios(document, self.names) for document in documents])
            for documents in (self._before, self.after)
        )
        return (after - before).std(axis=0, ddof=1)

    def allowed(self, share, threshold):
        """In how many cases a gate is expected to find that share if it knew their scatter."""
        compared = len(self._compared(self.after, threshold))
        errors = self.scatter() / np.sqrt(len(self.after))
        return sum(power_if_known(error, share, threshold, compared) for error in errors)

    def _compared(self, after, threshold):
        return compare(self.before, _run(after, "after"), threshold).cases.set_index("fullname")


def _run(documents, name):
    """One side of a comparison whose processes alternated."""
    return from_document({**joined(documents), "comparison": "planted"}, name)


def power_if_known(error, share, threshold, cases):
    """The power of a test of one of many normal means whose error is known.

    Args:
        error: standard error of the logarithm of a change.
        share: planted in one case.
        threshold: of the gate.
        cases: compared; the false alarms among them are those that the gate allows.
    """
    # Benjamini and Hochberg's level for the only change among all cases; it has two sides.
    needed = max(norm.isf(FALSE_DISCOVERIES / cases / 2) * error, np.log1p(threshold))
    return norm.sf((needed - np.log1p(share)) / error)


def _log_ratios(document, names):
    """The logarithms of the median ratios of some cases in one process."""
    entries = {entry["fullname"]: entry for entry in document["benchmarks"]}
    found = []
    for name in names:
        own, baseline = (
            np.array(part)
            for part in (
                entries[name]["stats"]["data"],
                entries[name]["extra_info"]["baseline_seconds"],
            )
        )
        found.append(np.log(np.median(own / baseline)))
    return found


def _competes(record):
    return not record["is_baseline"] and not record.get("is_twin")


def planted(documents, name, share):
    """The same documents, with one operator slower by a share in each round."""
    slowed = []
    for document in documents:
        entries = [
            _slower(entry, share) if entry["fullname"] == name else entry
            for entry in document["benchmarks"]
        ]
        slowed.append({**document, "benchmarks": entries})
    return slowed


def _slower(entry, share):
    slowed = copy.deepcopy(entry)
    for values in (slowed["stats"]["data"], slowed["extra_info"].get("device_seconds") or []):
        values[:] = [(1 + share) * seconds for seconds in values]
    return slowed


def kept(folder):
    """Both sides' documents and the seconds of each finished pair of processes in a folder."""
    state = folder / "state.json"
    seconds = json.loads(state.read_text())["seconds"] if state.exists() else {}
    before, after, spent = [], [], []
    while all(name in seconds for name in _files(len(spent) + 1)):
        names = _files(len(spent) + 1)
        for documents, name in zip((before, after), names, strict=True):
            documents.append(json.loads((folder / name).read_text()))
        spent.append(sum(seconds[name] for name in names))
    return before, after, spent


def _files(number):
    return [f"{side}-{number}.json" for side in ("before", "after")]
