"""Results as Markdown, to paste into an issue or a pull request."""

import re

import pandas as pd

from reports.kinds import Results
from reports.sources.kind import Source
from reports.sweeps import coverage, endings, findings, overhead, tables
from reports.sweeps.kind import SWEEPS
from reports.sweeps.lines import lines
from reports.sweeps.opening import title
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
    parts += [f"{_text(path)}: {_text(reason)}" for path, reason in results.problems]
    return "\n\n".join(parts) + "\n"


def _run(source: Source) -> list[str]:
    run: SweepRun = source.content
    records = run.judged.assign(series=words.series_of(run.judged))
    facts = dict(run.facts)
    known = [f"{name} {facts[name]}" for name in ("TensorFlow", "Keras", "Commit", "Sweep size")]
    parts = [f"# {_text(title(records))}"]
    found = [f"- {_text(line)}" for line in lines(records)]
    parts += ["\n".join(found)] if found else []
    parts += [f"## {_text(source.label)}", f"{_text(', '.join(known))}."]
    parts += [_text(warning) for warning in run.warnings]
    sentences = [f"- {_sentence(sentence)}" for sentence in findings.answer(records)]
    parts += ["\n".join(sentences)] if sentences else []
    remarks = (coverage.scope(records), endings.in_words(records), overhead.in_words(records))
    parts += [_text(remark) for remark in remarks if remark]
    for _, sweep, group in tables.sweeps(records):
        noun = words.axis(str(group["axis"].iloc[0])).noun
        parts += [
            f"### {_text(words.sweep_title(sweep))}",
            (
                f"Time / time of {_text(tables.baseline_name(group))} by {_text(noun)}. "
                f"{tables.floor_in_words(group)}"
            ),
            _table(group),
        ]
    return parts


def _sentence(sentence: findings.Sentence) -> str:
    """A sentence, with the command that measures its case again."""
    if sentence.test is None:
        return _text(sentence.text)
    return f"{_text(sentence.text)} `{sentence.command.replace('`', '')}`"


def _table(records: pd.DataFrame) -> str:
    ratios = pd.concat([tables.ratio_table(records), tables.best_table(records)]).map(units.ratio)
    head = ["Operator", "Direction", *map(words.value, ratios.columns)]
    rows = [[*index, *cells] for index, cells in zip(ratios.index, ratios.to_numpy(), strict=True)]
    rule = ["---", "---", *["---:"] * len(ratios.columns)]
    lines = [list(map(_text, head)), rule, *(list(map(_text, row)) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _text(text: object) -> str:
    return MARKUP.sub(r"\\\1", str(text)).replace("://", r"\://").replace("www.", r"www\.")
