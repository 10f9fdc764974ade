"""Why the rounds of a run's records ended."""

import pandas as pd

from reports.sweeps.analysis import half_widths
from reports.sweeps.competition import competing
from reports.text import units


def in_words(judged: pd.DataFrame) -> str:
    """Count what a run reached of what it set out for.

    Args:
        judged: one run's judged records.

    Returns:
        A sentence such as "Of 40 ratios: 30 decided, 6 known to ± 2.0 % or better before a
        decision, 4 out of time before either."; empty where the file does not say why rounds ended.
    """
    ratios = competing(judged)
    ratios = ratios[~ratios["is_baseline"] & ratios["stopped"].notna()]
    if ratios.empty:
        return ""
    counts = ratios["stopped"].value_counts()
    widest = half_widths(ratios[ratios["stopped"] == "precise"]).max()
    parts = {
        "decided": "decided",
        "precise": f"known to ± {100 * widest:.1f} % or better before a decision",
        "time": "out of time before either",
    }
    reached = ", ".join(f"{counts[name]} {text}" for name, text in parts.items() if name in counts)
    return f"Of {units.counted(len(ratios), 'ratio')}: {reached}."
