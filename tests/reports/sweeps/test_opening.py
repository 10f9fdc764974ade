"""The title: the finding in words that the interval keeps."""

import pytest

from reports.sweeps.load import from_document
from reports.sweeps.opening import NOTHING, title


def of_ratio(builder, ratio, **changes):
    entries = [
        builder.record("kernel_size", "convolution", **changes),
        builder.record("kernel_size", "involution", "native", ratio=ratio, **changes),
    ]
    return entries, lambda: title(from_document(builder.document(entries), "x").judged)


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (0.16, "Involution takes a sixth of the time of 7 x 7 convolution here"),
        (0.51, "Involution takes half the time of 7 x 7 convolution here"),
        (0.01, "Involution takes less than a tenth of the time of 7 x 7 convolution here"),
        (0.9, "Involution takes less time than 7 x 7 convolution here"),
        (1.0, "Involution takes the same time as 7 x 7 convolution here"),
        (1.2, "Involution takes more time than 7 x 7 convolution here"),
        (2.05, "Involution takes twice the time of 7 x 7 convolution here"),
        (40.0, "Involution takes more than ten times the time of 7 x 7 convolution here"),
    ],
)
def test_the_title_says_the_ratio_in_words(builder, ratio, words):
    builder.noise = 0.001
    assert of_ratio(builder, ratio)[1]() == f"{words}, and as much memory"


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (2.0, "twice its memory"),
        (0.5, "half its memory"),
        (0.65, "two thirds of its memory"),
        (0.61, "0.61 times its memory"),
        (1.2, "1.20 times its memory"),
        (0.02, "less than a tenth of its memory"),
    ],
)
def test_memory_is_in_the_title(builder, share, words):
    entries, found = of_ratio(builder, 0.5)
    entries[1]["extra_info"]["peak_memory_bytes"] *= share
    entries[1]["extra_info"]["peak_memory_bytes"] = int(
        entries[1]["extra_info"]["peak_memory_bytes"]
    )
    assert f", and {words}" in found()


@pytest.mark.parametrize(
    ("ratios", "memory", "place"),
    [
        ((0.5, 0.5), (1.0, 1.0), "here"),
        ((0.6, 0.5), (0.6, 0.5), "here"),
        ((0.77, 0.5), (1.0, 1.0), "with 64 channels"),
        ((0.3, 0.5), (1.0, 1.0), "with 64 channels"),
        ((1.2, 0.9), (1.0, 1.0), "with 64 channels"),
        ((0.5, 0.5), (1.2, 0.85), "with 64 channels"),
    ],
)
def test_the_place_is_named_where_others_tell_otherwise(builder, ratios, memory, place):
    builder.noise = 0.001
    entries = []
    for channels, ratio, share in zip((32, 64), ratios, memory, strict=True):
        case = {"channels": channels, "filters": channels}
        entries.append(builder.record("channels", "convolution", **case))
        entries.append(builder.record("channels", "involution", "native", ratio=ratio, **case))
        size = entries[-2]["extra_info"]["peak_memory_bytes"]
        entries[-1]["extra_info"]["peak_memory_bytes"] = int(share * size)
    found = title(from_document(builder.document(entries), "x").judged)
    assert f"7 x 7 convolution {place}, and " in found


def test_memory_that_was_not_measured_is_not_in_it(builder):
    entries, found = of_ratio(builder, 0.5)
    entries[1]["extra_info"]["peak_memory_bytes"] = None
    assert found().endswith("convolution here")


def test_no_winner_inside_the_noise(builder):
    builder.noise = 0.3
    assert of_ratio(builder, 0.97)[1]() == (
        "Whether involution is faster than 7 x 7 convolution here is not decided"
    )


def test_a_wide_interval_has_a_bound_alone(builder):
    builder.noise, builder.rounds = 1.0, 60
    found = of_ratio(builder, 0.2)[1]()
    assert "takes less than " in found
    assert "less than a sixth" not in found


def test_a_noisy_baseline_weakens_the_fraction(builder):
    builder.noise = 0.001
    competitors = [("convolution", "keras", "graph"), ("involution", "native", "graph")]
    _, twin, rival = entries = builder.whole_case("kernel_size", competitors=competitors)
    rival["stats"]["data"] = [0.16 * seconds for seconds in rival["extra_info"]["baseline_seconds"]]
    assert "takes a sixth of the time" in title(
        from_document(builder.document(entries), "x").judged
    )
    twin["stats"]["data"] = [
        seconds * (2.9 if number % 2 else 1 / 2.9)
        for number, seconds in enumerate(twin["stats"]["data"])
    ]
    found = title(from_document(builder.document(entries), "x").judged)
    assert "takes less than half the time" in found


def test_nothing_to_compare_is_said(builder):
    assert title(from_document(builder.document([]), "x").judged) == NOTHING
    twins = builder.whole_case("stride", competitors=[("convolution", "keras", "graph")])
    found = title(from_document(builder.document(twins), "x").judged)
    assert found == "Only dense convolution was measured: there is nothing to compare"


def test_models_go_by_their_own_names(builder):
    builder.noise = 0.001
    entries = [
        builder.record("models", "convolution", "resnet50"),
        builder.record("models", "involution", "rednet50", ratio=0.75),
    ]
    for record in entries:
        record["extra_info"].update(axis="batch", groups=1)
    found = title(from_document(builder.document(entries), "x").judged)
    assert found.startswith("RedNet-50 takes three quarters of the time of ResNet-50 here")
