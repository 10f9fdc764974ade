"""Two runs of the suite, record by record and operator by operator: what changed, in numbers."""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports.sweeps.differences import differences
from reports.sweeps.drift import Drift, drifted, drifts
from reports.sweeps.estimates import OPERATOR, Scatter, estimated
from reports.sweeps.pooling import pooled
from reports.sweeps.processes import by_process, most_processes
from reports.sweeps.run import SweepRun
from reports.sweeps.significance import CHANGES, judged
from reports.sweeps.unjudged import comparable, unjudged, untested
from reports.sweeps.verdicts import MARGIN

# What a record is in a comparison. The baseline, which is compared in seconds, and its twin fail no
# gate: the seconds drift with the machine, and the twin shows nothing but noise.
ROLES = ("operator", "twin", "baseline")
QUANTITIES = {"operator": "ratio", "twin": "ratio", "baseline": "seconds"}
# Of fewer processes a run their scatter is unknown.
LEAST_SCATTERED = 2


@dataclass(frozen=True)
class Comparison:
    """What changed from an older run to a newer one.

    Attributes:
        cases: one row per record that both measured, with `fullname`, `operator`, `implementation`,
            `direction`, `role` (of `ROLES`), `quantity` ("ratio", or "seconds" for the baseline
            itself), `before`, `after`, and the columns of `significance.judged`.
        operators: one row per operator, implementation and direction: the table of
            `pooling.pooled`.
        differences: in what the two runs differ apart from the code, as sentences.
        only_after: test ids of the records that the older run lacks.
        threshold: the smallest change that counts, as a share.
        unjudged: test id and reason of each record of the older run that cannot be compared.
        processes: of the older and the newer run.
        scatter: what told how far two runs of the same code differ.
        drift: how far the state of the machine moved ratios between the runs at least, as a share;
            None where both were measured alternately, or too few operators tell.
    """

    cases: pd.DataFrame
    operators: pd.DataFrame
    differences: list[str]
    only_after: list[str]
    threshold: float
    unjudged: list[tuple[str, str]]
    processes: tuple[int, int]
    scatter: Scatter
    drift: float | None

    @property
    def gated(self) -> pd.DataFrame:
        """The records that can fail a gate."""
        return self.cases[self.cases["role"] == "operator"]

    @property
    def slower(self) -> pd.DataFrame:
        """The records for which a gate closes: operators whose ratio grew."""
        return self.gated[self.gated["verdict"] == "slower"]

    @property
    def slower_operators(self) -> pd.DataFrame:
        """The operators for which a gate closes, as the mean of their cases."""
        return self.operators[self.operators["verdict"] == "slower"]


def compare(before: SweepRun, after: SweepRun, threshold: float = MARGIN) -> Comparison:
    """Compare the records of two runs by test id.

    The ratio to the baseline is compared. The rounds of both were interleaved, so that what slows
    the whole machine in one of the runs cancels. Two runs of the same code differ by more than
    their rounds tell (memory is elsewhere, other primitives are chosen). Where both runs have
    several processes, the scatter between these says by how much, moderated over all records;
    otherwise it is estimated from the changes of all records, most of which have not changed. Runs
    that followed each other also met the machine in two states; see `drift`.

    Args:
        before: the older run.
        after: the newer one.
        threshold: the smallest change that counts, as a share.

    Returns:
        The comparison.

    Raises:
        ValueError: if either has no records.
    """
    for run in (before, after):
        if run.records.empty:
            raise ValueError(
                f"a comparison needs records on either side. Received: none in {run.path}"
            )
    cases = _cases(before, after)
    older, newer = (
        by_process(run.records[run.records["fullname"].isin(cases["fullname"])])
        for run in (before, after)
    )
    processes = (most_processes(older), most_processes(newer))
    scatter = _scatter(before, after, processes)
    families = {role: cases[cases["role"] == role] for role in ROLES}
    gated, operators, drift = judged_operators(
        families.pop("operator"), (older, newer), threshold, scatter
    )
    others = [
        judged(estimated(family, older, newer, scatter), threshold) for family in families.values()
    ]
    table = _joined([gated, *others])
    return Comparison(
        cases=table,
        operators=operators,
        differences=differences(before, after),
        only_after=sorted({*after.records["fullname"]} - {*before.records["fullname"]}),
        threshold=threshold,
        unjudged=[*unjudged(before, after), *untested(table)],
        processes=processes,
        scatter=scatter,
        drift=drift,
    )


def _scatter(before: SweepRun, after: SweepRun, processes: tuple[int, int]) -> Scatter:
    """Say what tells how far two runs of the same code differ."""
    if min(processes) < LEAST_SCATTERED:
        return "rounds"
    are_pairs = bool(before.comparison) and before.comparison == after.comparison
    return "pairs" if are_pairs else "processes"


def judged_operators(
    cases: pd.DataFrame,
    sides: tuple[pd.DataFrame, pd.DataFrame],
    threshold: float,
    scatter: Scatter,
) -> tuple[pd.DataFrame, pd.DataFrame, float | None]:
    """Judge the records that can fail a gate, and the operators as the mean of their cases.

    Args:
        cases: one row per record, as `estimates.estimated` takes them.
        sides: of `processes.by_process`, of the older and the newer run.
        threshold: the smallest change that counts, as a share.
        scatter: what tells how far two runs of the same code differ.

    Returns:
        `cases`, `operators` and `drift` of a `Comparison`.
    """
    changes = estimated(cases, *sides, scatter)
    means = pooled(changes, *sides, scatter)
    moved = {} if scatter == "pairs" else drifts(means)
    judged_cases, judged_means = (
        judged(drifted(table, moved), threshold) for table in (changes, means)
    )
    return judged_cases, judged_means, _as_share(moved)


def _as_share(found: Mapping[Hashable, Drift]) -> float | None:
    """Return the smallest drift of an operator, to which one that did change adds nothing."""
    variances = [each.variance for each in found.values()]
    return math.expm1(math.sqrt(min(variances))) if variances else None


def _cases(before: SweepRun, after: SweepRun) -> pd.DataFrame:
    """One row per record that can be compared; of records that hold the same rounds, the first."""
    records = after.records.drop_duplicates("fullname")
    records = records[records["fullname"].isin(comparable(before, after))]
    # The times themselves tell: an operator's name does not say which layer computes it.
    rounds = records["seconds"].map(lambda seconds: seconds.tobytes())
    shared = pd.DataFrame({"measurement": records["measurement"], "rounds": rounds})
    repeated = records["measurement"].notna() & shared.duplicated()
    records = records[~repeated].reset_index(drop=True)
    is_twin = records["is_twin"].map(bool).astype(bool)  # null in older files
    role = np.select([records["is_baseline"], is_twin], ["baseline", "twin"], default="operator")
    quantity = [QUANTITIES[name] for name in role]
    return records.loc[:, ["fullname", *OPERATOR]].assign(role=role, quantity=quantity)


def _joined(families: list[pd.DataFrame]) -> pd.DataFrame:
    """Put tables under each other; one without rows could change the types of the others."""
    return pd.concat([each for each in families if len(each)] or families[:1], ignore_index=True)


def changed(cases: pd.DataFrame) -> pd.DataFrame:
    """Keep the records, or the operators, that became slower or faster.

    Args:
        cases: `Comparison.cases`, or `Comparison.operators`.

    Returns:
        Their rows, the largest change first.
    """
    moved = cases[cases["verdict"].isin(CHANGES[:2])]
    return moved.sort_values("change", ascending=False)
