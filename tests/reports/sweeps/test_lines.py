"""Three lines: true places, no winner inside the noise, numbers with intervals."""

import re

import pytest

from reports.sweeps.lines import lines
from reports.sweeps.load import from_document


def pair(builder, ratio, sweep="kernel_size", **changes):
    """The baseline and involution with a planted ratio."""
    return [
        builder.record(sweep, "convolution", **changes),
        builder.record(sweep, "involution", "native", ratio=ratio, **changes),
    ]


def of_ratios(builder, ratios, **changes):
    """Lines about a sweep over the kernel size with planted ratios."""
    entries = [
        entry
        for size, ratio in ratios.items()
        for entry in pair(builder, ratio, kernel_size=size, **changes)
    ]
    return lines(from_document(builder.document(entries), "x").judged)


@pytest.fixture
def quiet(builder):
    builder.noise = 0.001
    return builder


def test_places_are_those_with_the_verdict(quiet):
    wins, loses, costs = of_ratios(quiet, {1: 1.4, 3: 0.41, 5: 0.3, 7: 0.25, 9: 0.2})
    assert wins == (
        "Where it wins: faster than dense convolution in 4 of 5 cases: at kernel size 3 to 9."
    )
    assert loses == "Where it loses: slower than dense convolution at kernel size 1."
    assert costs.startswith("What it costs: 1.00 times the peak memory and 0.0")
    assert costs.endswith("times the parameters of 5 x 5 convolution.")


def test_places_between_others_are_listed(quiet):
    wins, loses, _ = of_ratios(quiet, {3: 0.5, 5: 2.0, 7: 0.5, 9: 2.0})
    assert "in 2 of 4 cases: at kernel size 3 and 7." in wins
    assert "at kernel size 5 and 9." in loses


@pytest.mark.parametrize(
    ("ratio", "wins", "loses"),
    [
        (0.5, "faster than dense convolution in all 3 cases.", "nowhere against dense convol"),
        (2.0, "nowhere in 3 cases against dense convol", "slower than dense convolution in all 3"),
        (1.0, "nowhere in 3 cases against dense convol", "nowhere against dense convolution."),
    ],
)
def test_all_alike_is_said_at_once(quiet, ratio, wins, loses):
    found = of_ratios(quiet, dict.fromkeys((3, 5, 7), ratio))
    assert wins in found[0]
    assert loses in found[1]


def test_noise_has_no_winner(builder):
    builder.noise = 0.3
    wins, loses, _ = of_ratios(builder, {3: 0.97, 5: 1.02, 7: 0.98})
    assert wins == "Where it wins: nowhere in 3 cases against dense convolution."
    assert "slower" not in loses
    assert "Not decided at kernel size 3 to 7." in loses


def test_directions_that_differ_are_told_apart(quiet):
    entries = [
        entry
        for groups, ratios in ((4, (0.5, 0.5)), (16, (0.5, 2.0)), (64, (2.0, 2.0)))
        for direction, ratio in zip(("forward", "training"), ratios, strict=True)
        for entry in (
            quiet.record("groups", "convolution", direction=direction),
            quiet.record(
                *("groups", "involution", "native"),
                direction=direction,
                ratio=ratio,
                groups=groups,
            ),
        )
    ]
    wins, loses, costs = lines(from_document(quiet.document(entries), "x").judged)
    assert wins.endswith("with 4 and 16 groups, forward; with 4 groups, training.")
    assert loses.endswith("with 64 groups, forward; with 16 and 64 groups, training.")
    assert re.search(
        r"Training takes 2\.00 times the time of 7 x 7 convolution \(.* to .*\)", costs
    )


def test_a_faster_rival_is_a_loss(builder):
    found = lines(from_document(builder.document(builder.whole_sweep("stride")), "x").judged)
    assert "Depthwise convolution is faster than it in all 8 cases with other operat" in found[1]


def test_whole_models_are_a_cost_and_alone_the_subject(quiet):
    models = [("convolution", "resnet50", "graph"), ("involution", "rednet50", "graph")]
    of_models = quiet.whole_case("models", competitors=models)
    of_models[-1]["stats"]["data"] = [0.8 * t for t in of_models[0]["stats"]["data"]]
    both = [*quiet.whole_sweep("stride"), *of_models]
    costs = lines(from_document(quiet.document(both), "x").judged)[2]
    assert "At batch size 4 RedNet-50 takes 0.80 times the time of ResNet-50 (0.80" in costs
    wins = lines(from_document(quiet.document(of_models), "x").judged)[0]
    assert wins == "Where it wins: faster than ResNet-50 in 1 of 1 case: at batch size 4."


@pytest.mark.parametrize(
    ("memory", "ending"),
    [
        (
            (1.2, 0.6),
            "convolution at kernel size 7. 1.20 times the peak memory at kernel size 5",
        ),
        (
            (2.4, 1.2),
            "convolution at kernel size 7. 2.40 times the peak memory at kernel size 5",
        ),
        ((0.9, 0.6), "of 7 x 7 convolution"),
        ((1.2, 1.2), "of 7 x 7 convolution"),
        ((1.0, 1.2), "of 7 x 7 convolution"),
    ],
)
def test_more_memory_at_another_place_is_a_cost(quiet, memory, ending):
    entries = []
    for size, share in zip((5, 7), memory, strict=True):
        entries += pair(quiet, 0.5, kernel_size=size)
        of_baseline = entries[-2]["extra_info"]["peak_memory_bytes"]
        entries[-1]["extra_info"]["peak_memory_bytes"] = int(share * of_baseline)
    costs = lines(from_document(quiet.document(entries), "x").judged)[2]
    assert costs.endswith(f"{ending}.")


def test_nothing_to_compare_has_no_lines(builder):
    only = builder.document([builder.record("stride", "convolution")])
    assert lines(from_document(only, "x").judged) == []
    assert lines(from_document(builder.document([]), "x").judged) == []
    twins = builder.whole_case("stride", competitors=[("convolution", "keras", "graph")])
    assert lines(from_document(builder.document(twins), "x").judged) == []
