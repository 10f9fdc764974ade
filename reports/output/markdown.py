"""Results as Markdown, to paste into an issue or a pull request."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pandas as pd

from reports.kinds import Results
from reports.sources.kind import Source
from reports.sweeps import changes, coverage, endings, findings, gate, overhead, tables
from reports.sweeps.comparison import Comparison, changed
from reports.sweeps.kind import SWEEPS
from reports.sweeps.leading import finding
from reports.sweeps.model import advice
from reports.sweeps.model import findings as of_model
from reports.sweeps.model.layers import is_about_model, measured_model
from reports.sweeps.model.table import others, replaceable
from reports.sweeps.run import SweepRun
from reports.text import units, words
from reports.text.markdown import escaped, grid
from reports.text.table import Table

# Of what changed, and of what could not be compared: a comment on a forge has a largest size.
MOST_NAMED = 50


def summary(results: Results, compared: Comparison | None = None) -> str:
    """Summarise results.

    Args:
        results: what `kinds.read` returned.
        compared: what changed from an older run. Default: there is none.

    Returns:
        For each run of the sweeps its finding and the three lines about it, the machine, the
        finding in detail, what it speaks for and what the run reached, and per sweep a table of
        ratios with its noise floor; then what was left out. A comparison comes first, and the rest
        is folded.
    """
    parts = _runs(results)
    if compared:
        parts = [*_changes(compared), *_folded("The newer run", parts)]
    return "\n\n".join(parts) + "\n"


def _runs(results: Results) -> list[str]:
    runs = results.of(SWEEPS)
    parts = [] if runs else ["# No sweep is in these results"]
    for source in runs:
        parts += _run(source)
    return [*parts, *(f"{escaped(path)}: {escaped(reason)}" for path, reason in results.problems)]


def _changes(compared: Comparison) -> Iterator[str]:
    """What a gate says of a comparison, what changed, what was not compared, and the rules."""
    _, reason = gate.judge(compared, allow_missing=True)
    yield f"# {escaped(reason.rstrip('.') or 'No case became slower')}"
    yield escaped(changes.compared_in_words(compared))
    moved = replace(compared, cases=changed(compared.cases), operators=changed(compared.operators))
    for table in (changes.operators_table(moved), changes.table(moved)):
        yield from _first_rows(table)
    if len(compared.unjudged):
        named = [f"{name}: {reason}" for name, reason in compared.unjudged]
        yield f"Not compared: {units.counted(len(named), 'case')}."
        yield _list(named[:MOST_NAMED])
    yield from map(escaped, filter(None, [changes.sensitivity_in_words(compared)]))
    if compared.differences:
        yield "The runs differ in more than code:"
        yield _list(compared.differences)
    rules = [changes.rule(compared), changes.basis(compared), changes.GATE]
    yield from _folded("How it is judged", map(escaped, rules))


def _first_rows(table: Table) -> Iterator[str]:
    """The rows of what changed, with what a reader misses of them; nothing if nothing did."""
    if table.rows:
        yield grid(table.head, table.rows[:MOST_NAMED], 2)
    if len(table.rows) > MOST_NAMED:
        yield f"The first {MOST_NAMED} of {len(table.rows)} that changed."


def _folded(title: str, parts: Iterable[str]) -> list[str]:
    """Parts that a forge shows once the reader asks for them."""
    return [f"<details><summary>{title}</summary>", *parts, "</details>"]


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {escaped(line)}" for line in lines)


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
        *([_code(command)] if command else []),
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
    return f"{escaped(sentence.text)} {_code(sentence.command)}"


def _code(command: str) -> str:
    """A command, which a forge shows as it is: without links and mentions."""
    return f"`{command.replace('`', '')}`"


def _table(records: pd.DataFrame) -> str:
    ratios = pd.concat([tables.ratio_table(records), tables.best_table(records)]).map(units.ratio)
    head = ["Operator", "Direction", *map(words.value, ratios.columns)]
    rows = [[*index, *cells] for index, cells in zip(ratios.index, ratios.to_numpy(), strict=True)]
    return grid(head, rows, 2)
