"""How often the strong gate finds a planted slowdown, and calls equal code changed."""

import copy
import json

from bench.compare.documents import joined
from reports.sweeps.comparison import compare
from reports.sweeps.load import from_document


class Pairs:
    """Results of the same code on both sides, by process.

    `before` and `after` are documents in order of process; `names` are the cases in which a
    slowdown is planted, one after the other.
    """

    def __init__(self, before, after, most_cases):
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

    def _compared(self, after, threshold):
        return compare(self.before, _run(after, "after"), threshold).cases.set_index("fullname")


def _run(documents, name):
    """One side of a comparison whose processes alternated."""
    return from_document({**joined(documents), "comparison": "planted"}, name)


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
