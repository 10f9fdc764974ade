"""What a run of the benchmark says on the terminal when it ends."""

from textwrap import wrap

import pandas as pd

from reports.sweeps import overhead, tables
from reports.sweeps.analysis import evaluate
from reports.sweeps.leading import finding
from reports.sweeps.model.description import ModelDescription
from reports.text import units, words


def closing_summary(
    records: pd.DataFrame, model: ModelDescription | None = None, width: int = 96
) -> str:
    """Write the ratios of each sweep for a terminal.

    Args:
        records: the records of a `SweepRun`.
        model: its model, None in a run of other cases.
        width: columns of the terminal, 96 if it is not known.

    Returns:
        One small table per sweep, and its noise floor; what an empty call takes, where it was
        measured; at the end the finding and its three lines. A sentence if there is no record.

    Example:
        print(closing_summary(read(Path("results/bench.json")).content.records))
    """
    if records.empty:
        return "No record to summarise."
    parts = ["Time / time of the baseline, median of the rounds; below 1 is faster."]
    judged = evaluate(records)
    for _, sweep, group in tables.sweeps(judged):
        table = tables.ratio_table(group).map(units.ratio)
        table.index = pd.Index([f"{name}, {direction}" for name, direction in table.index])
        noun = words.axis(str(group["axis"].iloc[0])).noun
        baseline = tables.baseline_name(group)
        table.columns = pd.Index(map(words.value, table.columns), dtype=object)
        parts += [
            f"\n{words.sweep_title(sweep)} (columns: {noun}; baseline: {baseline})",
            table.to_string(line_width=width),
            tables.floor_in_words(group),
        ]
    of_calls = overhead.in_words(judged)
    parts += ["", *wrap(of_calls, width)] if of_calls else []
    title, lines = finding(judged, model)
    parts += ["", *wrap(f"{title}.", width)]
    parts += [row for line in lines for row in wrap(line, width, subsequent_indent="  ")]
    return "\n".join(parts)
