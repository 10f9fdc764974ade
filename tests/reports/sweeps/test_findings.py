"""Sentences: true numbers, never "up to", no winner inside the noise."""

import re

import pytest

from reports.drawing import palette
from reports.sweeps import findings, titles
from reports.sweeps.analysis import evaluate
from reports.sweeps.load import from_document


def judge(builder, benchmarks):
    return palette.prepared(evaluate(from_document(builder.document(benchmarks), "x").records))


def pair(builder, ratio, **changes):
    return [
        builder.record("kernel_size", "convolution", **changes),
        builder.record("kernel_size", "involution", "fused", ratio=ratio, **changes),
    ]


def test_a_headline_has_case_ratio_interval_and_costs(builder):
    builder.noise = 0.001
    text = findings.headline(judge(builder, pair(builder, 0.12)))
    assert text.startswith(
        "Forward, 56 x 56 x 64, kernel 7, stride 1, batch 4, float32: involution"
    )
    assert "takes 0.12 times the time of dense convolution (0.1" in text
    assert "0.036 times the MACs, 0.022 times the parameters and 1.00 times the peak memory" in text


@pytest.mark.parametrize(
    ("ratio", "noise", "words"),
    [
        (1.0, 0.001, "is as fast as"),
        (1.0, 0.3, "cannot be told from"),
        (1.02, 0.01, "by a difference too small to confirm in this run, 1.0"),
        (1.5, 0.01, "takes 1."),
    ],
)
def test_the_verb_follows_the_verdict(builder, ratio, noise, words):
    builder.noise = noise
    assert words in findings.headline(judge(builder, pair(builder, ratio)))


def test_too_few_rounds_are_admitted(builder):
    builder.rounds = 3
    text = findings.headline(judge(builder, pair(builder, 0.1)))
    assert "too few times to decide" in text
    assert "interval unknown" in text


def test_the_case_is_the_middle_one_and_the_others_are_counted(builder):
    records = [
        record
        for size, ratio in ((3, 3.0), (5, 2.0), (7, 0.5))
        for record in pair(builder, ratio, kernel_size=size)
    ]
    text = findings.headline(judge(builder, records))
    assert "kernel 5" in text
    assert "Of 3 points, kernel size 3 to 7: faster at 1, slower at 2" in text
    assert "up to" not in text


def test_training_follows_forward(builder):
    records = builder.sweep("stride")
    text = findings.headline(judge(builder, records))
    assert text.index("Forward, ") < text.index("Training: it ")


def test_only_the_baseline_is_nothing_to_compare(builder):
    judged = judge(builder, [builder.record("stride", "convolution")])
    assert "nothing to compare" in findings.headline(judged)
    assert titles.ratio_title(judged)
    assert titles.cost_title(judged)
    assert titles.overview_title(judged) == "Time against work"


def test_titles_hold_the_ends_of_the_axis(builder):
    records = pair(builder, 0.5, kernel_size=3) + pair(builder, 0.1, kernel_size=15)
    builder.noise = 0.001
    title = titles.ratio_title(judge(builder, records))
    start = "Forward, involution (fused) takes 0.50 times the time of dense convolution at"
    assert title.startswith(start)
    assert title.endswith("kernel size 3 and 0.10 times at kernel size 15")


def test_a_model_is_compared_with_the_other_model(builder):
    builder.noise = 0.001
    records = [
        builder.record("models", "convolution", "resnet50"),
        builder.record("models", "involution", "rednet50", ratio=0.8),
    ]
    for record in records:
        record["extra_info"].update(axis="batch", groups=1)
    judged = judge(builder, records)
    text = findings.headline(judged)
    assert "takes 0.80 times the time of ResNet-50 (" in text
    assert "dense convolution" not in text
    assert [sentence.sweep for sentence in findings.answer(judged)] == ["models"]


def test_an_answer_counts_details_and_finds_the_crossing(builder):
    builder.noise = 0.001
    records = [
        record
        for size, ratio in ((3, 2.0), (5, 1.0), (7, 0.5), (9, 0.25))
        for record in pair(builder, ratio, kernel_size=size)
    ]
    counted, case, crossing = findings.answer(judge(builder, records))
    assert "faster in 2, slower in 1, equivalent in 1 of 4 cases (ratios 0.25 to 2.00)" in (
        counted.text
    )
    assert case.test.startswith("bench/bench_kernel_size.py::")
    assert "kernel 7" in case.text
    assert re.fullmatch(
        r"By its medians it becomes faster between kernel size (3 and 5|5 and 7) "
        r"\(by its intervals between 3 and 7\), forward\.",
        crossing.text,
    )
