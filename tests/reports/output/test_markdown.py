"""The summary in Markdown: what it holds, and that a file's strings stay strings."""

import re

from reports.output.markdown import summary
from reports.sweeps.load import from_document
from tests.reports.conftest import Builder, results_of


def test_it_has_machine_answer_ratios_and_noise(builder):
    text = summary(results_of(from_document(builder.document(), "bench.json")))
    assert "Example CPU 2.0, 2 cores" in text
    assert "faster in " in text
    assert '`pytest "bench/bench_kernel_size.py::' in text
    assert text.count("Noise floor: forward") == 4
    rows = [line for line in text.splitlines() if line.startswith("| involution (fused)")]
    assert len(rows) == 8


def test_markup_in_a_file_is_escaped(builder):
    entries = [
        builder.record("stride", "convolution"),
        builder.record("stride", "<b>|[x](http://evil)`@team"),
    ]
    text = summary(results_of(from_document(builder.document(entries), "bench.json")))
    assert r"\<b\>\|\[x\](http\://evil)\`\@team" in text
    assert "<b>" not in re.sub("`pytest [^`]*`", "", text)


def test_the_summary_is_the_golden_one(golden):
    builder = Builder(rounds=12, seed=7)
    entries = [entry for sweep in ("kernel_size", "groups") for entry in builder.sweep(sweep)]
    entries += [
        builder.record("models", "convolution", "resnet50"),
        builder.record("models", "involution", "rednet50", ratio=0.8),
    ]
    missing = builder.record("groups", "involution", "patches", groups=32)["extra_info"]
    entries[3]["extra_info"]["macs"] = "many"
    document = builder.document(
        entries,
        unmeasured=[{**missing, "notes": ["needs 5 GiB"]}],
        conditions={"load": 0.25, "peak_flops": 1e11, "peak_bandwidth": 1e10},
    )
    golden("summary.md", summary(results_of(from_document(document, "bench.json"))))
