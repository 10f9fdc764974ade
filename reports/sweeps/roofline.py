"""What limits a record: arithmetic or memory traffic, by the roofline model."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

# The peak of compute is measured on a product of matrices of this type.
DTYPE_OF_PEAK = "float32"


def placed(records: pd.DataFrame, conditions: Mapping[str, float]) -> pd.DataFrame:
    """Place records under the roofline of their machine (Williams et al., 2009).

    Args:
        records: one run's records with `dtype`, `flops`, `compulsory_bytes` and `median_seconds`.
        conditions: `peak_flops` in FLOPs/s and `peak_bandwidth` in B/s, if they were measured.

    Returns:
        For each record `intensity` (FLOPs by formula over compulsory bytes), `roofline_share`
        (FLOPs/s reached over those that the roofline allows at that intensity) and `bound`
        ("compute" or "memory": the roof above it); NaN and None where unknown. Compulsory bytes
        are the least that must move: an implementation that moves more has a low share.
    """
    compute, bandwidth = (
        conditions.get(name) or np.nan for name in ("peak_flops", "peak_bandwidth")
    )
    intensity = records["flops"] / records["compulsory_bytes"].replace(0, np.nan)
    under_bandwidth = intensity * bandwidth
    # NaN where either of the two roofs is unknown.
    roof = pd.Series(np.minimum(under_bandwidth, compute), index=records.index)
    roof = roof.where(records["dtype"] == DTYPE_OF_PEAK)
    bound = np.where(under_bandwidth < compute, "memory", "compute")
    return pd.DataFrame(
        {
            "intensity": intensity,
            "roofline_share": records["flops"] / records["median_seconds"] / roof,
            "bound": pd.Series(bound, index=records.index, dtype=object).where(roof.notna(), None),
        },
        index=records.index,
    )
