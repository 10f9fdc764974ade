"""Two runs of the suite, case by case and operator by operator: what changed, in numbers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports.sweeps.differences import differences
from reports.sweeps.estimates import OPERATOR, estimated
from reports.sweeps.pooling import pooled
from reports.sweeps.processes import by_process, most_processes
from reports.sweeps.run import SweepRun
from reports.sweeps.significance import CHANGES, judged
from reports.sweeps.unjudged import comparable, unjudged, untested
from reports.sweeps.verdicts import MARGIN

# What a case is in a comparison. The baseline, which is compared in seconds, and its twin fail no
# gate: the seconds drift with the machine, and the twin shows nothing but noise.
ROLES = ("operator", "twin", "baseline")
QUANTITIES = {"operator": "ratio", "twin": "ratio", "baseline": "seconds"}
# Of fewer processes a run their scatter is unknown.
LEAST_SCATTERED = 2


@dataclass(frozen=True)
class Comparison:
    """What changed from an older run to a newer one.

    Attributes:
        cases: one row per case that both measured, with `fullname`, `operator`, `implementation`,
            `direction`, `role` (of `ROLES`), `quantity` ("ratio", or "seconds" for the baseline
            itself), `before`, `after`, and the columns of `significance.judged`.
        operators: one row per operator, implementation and direction: the table of
            `pooling.pooled`.
        differences: in what the two runs differ apart from the code, as sentences.
        only_after: test ids of the cases that the older run lacks.
        threshold: the smallest change that counts, as a share.
        unjudged: test id and reason of each case of the older run that cannot be compared.
        processes: of the older and the newer run.
    """

    cases: pd.DataFrame
    operators: pd.DataFrame
    differences: list[str]
    only_after: list[str]
    threshold: float
    unjudged: list[tuple[str, str]]
    processes: tuple[int, int]

    @property
    def gated(self) -> pd.DataFrame:
        """The cases that can fail a gate."""
        return self.cases[self.cases["role"] == "operator"]

    @property
    def slower(self) -> pd.DataFrame:
        """The cases for which a gate closes: operators whose ratio grew."""
        return self.gated[self.gated["verdict"] == "slower"]

    @property
    def slower_operators(self) -> pd.DataFrame:
        """The operators for which a gate closes, as the mean of their cases."""
        return self.operators[self.operators["verdict"] == "slower"]

    @property
    def knows_processes(self) -> bool:
        """Whether the scatter between processes is known from several processes a run."""
        return min(self.processes) >= LEAST_SCATTERED


def compare(before: SweepRun, after: SweepRun, threshold: float = MARGIN) -> Comparison:
    """Compare the records of two runs by test id.

    The ratio to the baseline is compared. The rounds of both were interleaved, so that what slows
    the whole machine in one of the runs cancels. Two runs of the same code differ by more than
    their rounds tell (memory is elsewhere, other primitives are chosen). Where both runs have
    several processes, the scatter between these says by how much, moderated over all cases;
    otherwise it is estimated from the changes of all cases, most of which have not changed.

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
    known = min(processes) >= LEAST_SCATTERED
    families = [
        estimated(cases[cases["role"] == role], older, newer, processes_known=known)
        for role in ROLES
    ]
    table = _joined([judged(family, threshold) for family in families])
    return Comparison(
        cases=table,
        operators=pooled(families[0], older, newer, threshold, processes_known=known),
        differences=differences(before, after),
        only_after=sorted({*after.records["fullname"]} - {*before.records["fullname"]}),
        threshold=threshold,
        unjudged=[*unjudged(before, after), *untested(table)],
        processes=processes,
    )


def _cases(before: SweepRun, after: SweepRun) -> pd.DataFrame:
    """One row per case that can be compared; of records that hold the same rounds, the first."""
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
    """Keep the cases, or the operators, that became slower or faster.

    Args:
        cases: `Comparison.cases`, or `Comparison.operators`.

    Returns:
        Their rows, the largest change first.
    """
    moved = cases[cases["verdict"].isin(CHANGES[:2])]
    return moved.sort_values("change", ascending=False)
