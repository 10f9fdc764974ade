"""Simulated pairs of runs for the comparison: processes with effects, rounds with heavy tails."""

import numpy as np
import pandas as pd

from reports.sweeps.comparison import judged_operators

THRESHOLD = 0.05
# Cases of eight operators in turn, as rows of `Comparison.cases` begin.
OPERATORS = 8
# Of each process, and by how much they scatter.
ROUNDS, NOISE = 25, 0.05
# Tails of the effects of processes, and of rounds.
PROCESS_DEGREES, ROUND_DEGREES = 4, 3


def standard(random, degrees, size):
    """Values of Student's t with a standard deviation of one."""
    return random.standard_t(degrees, size) / np.sqrt(degrees / (degrees - 2))


class Pairs:
    """Pairs of runs of the same cases.

    The effects of processes have a standard deviation that each case draws from a range, those of
    whole runs one that all share. The drift of a pair moves all its ratios alike, with a standard
    deviation of its own.
    """

    def __init__(
        self, seed, *, cases=70, processes=3, effects=(0.02, 0.04), of_runs=0.0, drift=0.0
    ):
        self.random = np.random.default_rng(seed)
        self.processes, self.effects, self.of_runs = processes, effects, of_runs
        self.drift = drift
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
        return self.operators_of(slower)[0]

    def operators_of(self, slower=0.0, known_by=None):
        """Judge the cases and the operators of a new pair."""
        scatter = self.random.uniform(*self.effects, (len(self.cases), 1))
        moved = self.random.normal(0, self.drift) if self.drift else 0.0
        sides = tuple(self._side(scatter, shift) for shift in (0.0, np.log1p(slower) + moved))
        known_by = known_by or ("processes" if self.processes > 1 else "rounds")
        return judged_operators(self.cases, sides, THRESHOLD, known_by)[:2]

    def _side(self, scatter, shift):
        """One run, as the table of `processes.by_process`."""
        size = (len(self.cases), self.processes)
        effects = scatter * standard(self.random, PROCESS_DEGREES, size)
        effects += np.reshape(shift, (-1, 1)) + self.random.normal(0, self.of_runs, (size[0], 1))
        noise = NOISE * standard(self.random, ROUND_DEGREES, (*size, ROUNDS))
        rounds = effects[..., None] + noise
        return pd.DataFrame(
            {
                "fullname": np.repeat(self.cases["fullname"], self.processes),
                "process": np.tile(np.arange(1, self.processes + 1), len(self.cases)),
                "rounds": list(rounds.reshape(-1, ROUNDS)),
                "middle": np.median(rounds, axis=-1).ravel(),
            }
        ).reset_index(drop=True)

    def planted(self, share, number=1):
        """Slowdowns of each case: a share in the first few."""
        slower = np.zeros(len(self.cases))
        slower[:number] = share
        return slower
