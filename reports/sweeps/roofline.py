"""What limits a record: arithmetic or memory traffic, by the roofline model."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reports.sweeps.load import Run


def placed(records: pd.DataFrame, runs: Sequence[Run]) -> pd.DataFrame:
    """Place records under the roofline of their run's machine (Williams et al., 2009).

    Args:
        records: records with `file`, `dtype`, `flops`, `compulsory_bytes` and `median_seconds`.
        runs: the runs, with the peaks that were measured on their machines.

    Returns:
        For each record `intensity` (FLOPs by formula over compulsory bytes), `roofline_share`
        (FLOPs a second reached over those that the roofline allows at that intensity) and
        `bound` ("compute" or "memory": the roof above it); NaN and None where unknown. Bytes are
        the least that must move, so that an implementation which moves more has a low share.
    """
    known = {run.path: run.conditions for run in runs}
    peaks = {
        key: records["file"].map(lambda file, key=key: known.get(file, {}).get(key) or np.nan)
        for key in ("peak_flops", "peak_bandwidth")
    }
    intensity = records["flops"] / records["compulsory_bytes"].replace(0, np.nan)
    under_bandwidth = intensity * peaks["peak_bandwidth"]
    roofs = pd.concat([peaks["peak_flops"], under_bandwidth], axis=1)
    roof = roofs.min(axis=1, skipna=False)
    # The peak is that of a float32 product.
    roof = roof.where(records["dtype"] == "float32")
    is_known = roof.notna()
    bound = np.where(under_bandwidth < peaks["peak_flops"], "memory", "compute")
    return pd.DataFrame(
        {
            "intensity": intensity,
            "roofline_share": records["flops"] / records["median_seconds"] / roof,
            "bound": pd.Series(bound, index=records.index, dtype=object).where(is_known, None),
        },
        index=records.index,
    )
