"""What limits a record: arithmetic or memory traffic, by the roofline model."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

# The peak of compute is measured on a product of matrices of this type.
DTYPE_OF_PEAK = "float32"


def placed(records: pd.DataFrame, conditions: Mapping[str, float]) -> pd.DataFrame:
    """Place records under the roofline of their machine (Williams et al., 2009).

    Args:
        records: one run's records with `dtype`, `flops`, `compulsory_bytes`, `cache` and
            `median_seconds`.
        conditions: `peak_flops` in FLOPs/s, `peak_bandwidth` in B/s and `last_cache_bytes`, if
            they were measured.

    Returns:
        For each record `intensity` (FLOPs by formula over compulsory bytes), `is_cached` (whether
        these bytes fit into the last cache, where the call before has left them), `roofline_share`
        (FLOPs/s reached over those that the roofline allows at that intensity) and `bound`
        ("compute" or "memory": the roof above it); NaN and None where unknown. Compulsory bytes
        are the least that must move: an implementation that moves more has a low share. Where the
        bandwidth of memory would be the limit of a record that is cached, `bound` is "cache" and
        the share NaN: the bandwidth of caches is not measured.
    """
    compute, bandwidth, cache_bytes = (
        conditions.get(name) or np.nan
        for name in ("peak_flops", "peak_bandwidth", "last_cache_bytes")
    )
    intensity = records["flops"] / records["compulsory_bytes"].replace(0, np.nan)
    under_bandwidth = intensity * bandwidth
    # NaN where either of the two roofs is unknown.
    roof = pd.Series(np.minimum(under_bandwidth, compute), index=records.index)
    roof = roof.where(records["dtype"] == DTYPE_OF_PEAK)
    is_cached = (records["compulsory_bytes"] < cache_bytes) & (records["cache"] != "cold")
    bound = np.where(under_bandwidth < compute, np.where(is_cached, "cache", "memory"), "compute")
    share = records["flops"] / records["median_seconds"] / roof
    return pd.DataFrame(
        {
            "intensity": intensity,
            "is_cached": is_cached,
            "roofline_share": share.where(bound != "cache"),
            "bound": pd.Series(bound, index=records.index, dtype=object).where(roof.notna(), None),
        },
        index=records.index,
    )
