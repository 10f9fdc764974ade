"""What a run leads with, on a page and on a terminal: its finding, and three lines about it."""

import pandas as pd

from reports.sweeps.lines import lines
from reports.sweeps.model import findings as of_model
from reports.sweeps.model.description import ModelDescription
from reports.sweeps.model.layers import measured_model
from reports.sweeps.opening import title


def finding(judged: pd.DataFrame, model: ModelDescription | None) -> tuple[str, list[str]]:
    """Say what a run found: about the user's own model, if it measured one.

    Args:
        judged: one run's judged records, with or without `series`.
        model: the model whose layers it measured; None in a run of other cases.

    Returns:
        A sentence without a full stop, and at most three lines, each of a heading, a colon and
        sentences.
    """
    if model is None:
        return title(judged), lines(judged)
    measured = measured_model(model, judged)
    return of_model.title(measured), of_model.lines(measured)
