"""The summary in Markdown: what it holds, and that a file's strings stay strings."""

import re

from reports.output.markdown import MOST_NAMED, summary
from reports.sweeps.comparison import compare
from reports.sweeps.load import from_document
from tests.reports.conftest import Builder, results_of


def compared(slower=1.0, gone=(), sweeps=("stride",)):
    """The summary of a run whose involution takes `slower` times as long as in an older one."""
    documents = []
    for seed in (1, 2):
        builder = Builder(rounds=40, noise=0.01, seed=seed)
        documents.append(builder.document([e for name in sweeps for e in builder.sweep(name)]))
    kept = [entry for entry in documents[1]["benchmarks"] if entry["fullname"] not in gone]
    documents[1]["benchmarks"] = kept
    for entry in kept:
        if "fused" in entry["fullname"]:
            entry["stats"]["data"] = [slower * seconds for seconds in entry["stats"]["data"]]
    older, newer = (from_document(document, "bench.json") for document in documents)
    return summary(results_of(newer), compare(older, newer)), documents[0]


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


def test_a_comparison_begins_with_what_changed():
    text, before = compared(slower=1.5)
    slower = [e["fullname"] for e in before["benchmarks"] if "fused" in e["fullname"]]
    title, *_ = text.splitlines()
    assert title.startswith(f"# {len(slower)} records")
    assert title.endswith(" became slower")
    rows = [line for line in text.splitlines() if "| slower |" in line]
    for name in slower:
        [row] = [row for row in rows if name.replace("_", r"\_").split("[")[1][:-1] in row]
        assert re.search(r"1\.[45]\dx; 1\.4\d to 1\.5\d", row), row
    assert not re.search(r"\| (unchanged|undecided) \|", text)
    folded = text[text.index("<details><summary>The newer run") :]
    assert "### Stride" in folded
    assert text.count("<details>") == text.count("</details>") == 2


def test_a_comparison_without_a_change_says_so():
    text, _ = compared()
    assert text.startswith("# No record became slower\n\nCompared ")
    assert "| slower |" not in text


def test_what_could_not_be_compared_is_named_up_to_a_number():
    builder = Builder(rounds=1)
    sweeps = ("stride", "groups", "kernel_size", "resolution")
    names = [e["fullname"] for sweep in sweeps for e in builder.sweep(sweep)]
    gone = [name for name in names if "convolution-keras" not in name]
    assert len(gone) > MOST_NAMED
    text, _ = compared(gone=gone, sweeps=sweeps)
    assert f"Not compared: {len(gone)} records." in text
    assert text.count(": not in the newer run") == MOST_NAMED
