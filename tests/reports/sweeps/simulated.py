"""Simulated pairs of runs for the comparison: processes with effects, rounds with heavy tails."""

import numpy as np
import pandas as pd

from reports.sweeps.estimates import estimated
from reports.sweeps.pooling import pooled
from reports.sweeps.significance import judged

THRESHOLD = 0.05
# Cases of eight operators in turn, as rows of `Comparison.cases` begin.
OPERATORS = 8
# Tails of the effects of processes, and of rounds.
PROCESS_DEGREES, ROUND_DEGREES = 4, 3


def standard(random, degrees, size):
    """Values of Student's t with a standard deviation of one."""
    return random.standard_t(degrees, size) / np.sqrt(degrees / (degrees - 2))


class Pairs:
    """Pairs of runs of the same cases, whose processes differ by a share that the case sets."""

    def __init__(self, seed, *, cases=70, processes=3, effects=(0.02, 0.04), rounds=25):
        self.random = np.random.default_rng(seed)
        self.processes, self.effects, self.rounds = processes, effects, rounds
        number = np.arange(cases)
        self.cases = pd.DataFrame(
            {
                "fullname": [f"case {each:04}" for each in number],
                "operator": [f"operator {each % OPERATORS}" for each in number],
                "implementation": "keras",
                "direction": "forward",
                "role": "operator",
                "quantity": "ratio",
            }
        )

    def cases_of(self, slower=0.0):
        """Judge the cases of a new pair, in which some or all are slower by a share."""
        return judged(self._estimated(slower)[0], THRESHOLD)

    def operators_of(self, slower=0.0):
        """Judge the cases and the operators of a new pair."""
        cases, sides = self._estimated(slower)
        operators = pooled(cases, *sides, THRESHOLD, processes_known=self.processes > 1)
        return judged(cases, THRESHOLD), operators

    def _estimated(self, slower):
        scatter = self.random.uniform(*self.effects, (len(self.cases), 1))
        sides = [self._side(scatter, shift) for shift in (0.0, np.log1p(slower))]
        return estimated(self.cases, *sides, processes_known=self.processes > 1), sides

    def _side(self, scatter, shift):
        """One run, as the table of `processes.by_process`."""
        size = (len(self.cases), self.processes)
        effects = np.reshape(shift, (-1, 1)) + scatter * standard(
            self.random, PROCESS_DEGREES, size
        )
        noise = 0.05 * standard(self.random, ROUND_DEGREES, (*size, self.rounds))
        rounds = effects[..., None] + noise
        return pd.DataFrame(
            {
                "fullname": np.repeat(self.cases["fullname"], self.processes),
                "process": np.tile(np.arange(1, self.processes + 1), len(self.cases)),
                "rounds": list(rounds.reshape(-1, self.rounds)),
                "middle": np.median(rounds, axis=-1).ravel(),
            }
        ).reset_index(drop=True)

    def planted(self, share, number=1):
        """Slowdowns of each case: a share in the first few."""
        slower = np.zeros(len(self.cases))
        slower[:number] = share
        return slower
