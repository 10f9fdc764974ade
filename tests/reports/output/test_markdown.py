"""The summary in Markdown: what it holds, and that a file's strings stay strings."""

import re

from reports.output.markdown import summary
from reports.sweeps.load import from_document
from tests.reports.conftest import results_of


def test_it_has_machine_answer_ratios_and_noise(builder):
    text = summary(results_of(from_document(builder.document(), "bench.json")))
    assert "Example CPU 2.0, 2 cores" in text
    assert "faster in " in text
    assert "`pytest 'bench/bench_kernel_size.py::" in text
    assert text.count("Noise floor: forward") == 4
    rows = [line for line in text.splitlines() if line.startswith("| involution (fused)")]
    # Of them half are ratios to the best rival: depthwise convolution is faster in each sweep.
    assert len(rows) == 16
    assert sum("/ best rival" in line for line in rows) == 8


def test_markup_in_a_file_is_escaped(builder):
    entries = [
        builder.record("stride", "convolution"),
        builder.record("stride", "<b>|[x](http://evil)`@team"),
    ]
    text = summary(results_of(from_document(builder.document(entries), "bench.json")))
    assert r"\<b\>\|\[x\](http\://evil)\`\@team" in text
    assert "<b>" not in re.sub("`pytest [^`]*`", "", text)


def test_the_summary_is_the_golden_one(golden, fixed_results):
    golden("summary.md", summary(fixed_results))
