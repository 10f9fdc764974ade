"""What the gate finds by processes and by how far they scatter: a table, by simulation.

In brackets is what any gate could find that knew the scatter, with the same false alarms. Where
that is little, too, the machine limits the gate, and not the method.
"""

import numpy as np
import pytest

from tests.acceptance.power import power_if_known
from tests.reports.sweeps.simulated import NOISE, ROUNDS, THRESHOLD, Pairs

# Standard deviations of a case's processes, as a share; how many processes each run has.
SCATTERS, PROCESSES = (0.01, 0.02, 0.04, 0.08, 0.16), (3, 6, 12, 24)
# As many cases as a quick sweep compares, and slowdowns of one of them.
CASES, SLOWDOWNS, PAIRS = 40, (0.10, 0.25), 200


@pytest.mark.parametrize("slower", SLOWDOWNS)
def test_power_by_processes_and_scatter(slower, say):
    say(f"one of {CASES} cases {slower:.0%} slower: found (found if the scatter were known)")
    say("scatter of processes  " + "".join(f"{count:>4} processes" for count in PROCESSES))
    for scatter in SCATTERS:
        found = [_found(scatter, count, slower) for count in PROCESSES]
        known = [_found_if_known(scatter, count, slower) for count in PROCESSES]
        cells = zip(found, known, strict=True)
        say(f"{scatter:>20.0%}  " + "".join(f"{own:>6.0%} ({best:.0%})" for own, best in cells))
        # More processes never find less, but for the error of the simulation.
        assert all(np.diff(found) > -3 / np.sqrt(PAIRS))
        assert all(own <= best + 3 / np.sqrt(PAIRS) for own, best in zip(found, known, strict=True))


def _found(scatter, processes, slower):
    pairs = Pairs(1, cases=CASES, processes=processes, effects=(scatter, scatter))
    planted = pairs.planted(slower)
    called = [pairs.cases_of(planted)["verdict"].iloc[0] == "slower" for _ in range(PAIRS)]
    return np.mean(called)


def _found_if_known(scatter, processes, slower):
    of_median = np.pi / 2 * NOISE**2 / ROUNDS
    error = np.sqrt(2 * (scatter**2 + of_median) / processes)
    return power_if_known(error, slower, THRESHOLD, CASES)
