"""Results as Markdown, to paste into an issue or a pull request."""

import re
from collections.abc import Iterable, Sequence

import pandas as pd

from reports.kinds import Results
from reports.sources.kind import Source
from reports.sweeps import coverage, endings, findings, overhead, tables
from reports.sweeps.kind import SWEEPS
from reports.sweeps.leading import finding
from reports.sweeps.model import advice
from reports.sweeps.model import findings as of_model
from reports.sweeps.model.layers import is_about_model, measured_model
from reports.sweeps.model.table import others, replaceable
from reports.sweeps.run import SweepRun
from reports.text import units, words

# What Markdown or a forge would take for markup, mentions and links too.
MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~@&!])")


def summary(results: Results) -> str:
    """Summarise results.

    Args:
        results: what `kinds.read` returned.

    Returns:
        For each run of the sweeps its finding and the three lines about it, the machine, the
        finding in detail, what it speaks for and what the run reached, and per sweep a table of
        ratios with its noise floor; then what was left out.
    """
    runs = results.of(SWEEPS)
    parts = [] if runs else ["# No sweep is in these results"]
    for source in runs:
        parts += _run(source)
    parts += [f"{escaped(path)}: {escaped(reason)}" for path, reason in results.problems]
    return "\n\n".join(parts) + "\n"


def _run(source: Source) -> list[str]:
    run: SweepRun = source.content
    records = run.judged.assign(series=words.series_of(run.judged))
    facts = dict(run.facts)
    known = [f"{name} {facts[name]}" for name in ("TensorFlow", "Keras", "Commit", "Sweep size")]
    title, lines = finding(records, run.model)
    parts = [f"# {escaped(title)}"]
    found = [f"- {escaped(line)}" for line in lines]
    parts += ["\n".join(found)] if found else []
    parts += [f"## {escaped(source.label)}", f"{escaped(', '.join(known))}."]
    parts += [escaped(warning) for warning in run.warnings]
    parts += _model(run)
    # The model's own records are in its section.
    records = records[~is_about_model(records)] if run.model else records
    answer = findings.answer(records) if len(records) or not run.model else []
    sentences = [f"- {_sentence(sentence)}" for sentence in answer]
    parts += ["\n".join(sentences)] if sentences else []
    remarks = (coverage.scope(records), endings.in_words(records), overhead.in_words(records))
    parts += [escaped(remark) for remark in remarks if remark]
    for _, sweep, group in tables.sweeps(records):
        noun = words.axis(str(group["axis"].iloc[0])).noun
        parts += [
            f"### {escaped(words.sweep_title(sweep))}",
            (
                f"Time / time of {escaped(tables.baseline_name(group))} by {escaped(noun)}. "
                f"{tables.floor_in_words(group)}"
            ),
            _table(group),
        ]
    return parts


def _model(run: SweepRun) -> list[str]:
    """The model whose layers a run measured: what to do, what that changes, and its layers."""
    if run.model is None:
        return []
    model = measured_model(run.model, run.judged)
    command = advice.command(model)
    sentences = [*advice.advice(model), *advice.projected(model), *advice.accounts(model)]
    return [
        f"### {of_model.HEADING}",
        "\n".join(f"- {escaped(sentence)}" for sentence in sentences),
        *([f"    {command}"] if command else []),
        *(
            text
            for table in (replaceable(model), others(model))
            if table.rows
            for text in (escaped(table.caption), grid(table.head, table.rows, 2))
        ),
    ]


def _sentence(sentence: findings.Sentence) -> str:
    """A sentence, with the command that measures its case again."""
    if sentence.test is None:
        return escaped(sentence.text)
    return f"{escaped(sentence.text)} `{sentence.command.replace('`', '')}`"


def _table(records: pd.DataFrame) -> str:
    ratios = pd.concat([tables.ratio_table(records), tables.best_table(records)]).map(units.ratio)
    head = ["Operator", "Direction", *map(words.value, ratios.columns)]
    rows = [[*index, *cells] for index, cells in zip(ratios.index, ratios.to_numpy(), strict=True)]
    return grid(head, rows, 2)


def grid(head: Sequence[str], rows: Iterable[Sequence[str]], left: int) -> str:
    """Write a table.

    Args:
        head: the names of the columns.
        rows: one string per column.
        left: how many columns, from the first on, are aligned at the left.
    """
    rule = ["---"] * left + ["---:"] * (len(head) - left)
    cells = [[escaped(cell).replace("\n", "; ") for cell in row] for row in (head, *rows)]
    lines = [cells[0], rule, *cells[1:]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def escaped(text: object) -> str:
    """Write a string so that Markdown and a forge show it as it is, without links or mentions.

    Args:
        text: any value.
    """
    return MARKUP.sub(r"\\\1", str(text)).replace("://", r"\://").replace("www.", r"www\.")
