"""The formulas take the same arguments, and refuse bad ones."""

import inspect

import pytest

from involution import costs


@pytest.mark.parametrize(
    "formula",
    [
        costs.convolution,
        costs.depthwise_convolution,
        costs.separable_convolution,
        costs.involve,
        costs.involution,
        costs.self_attention,
        costs.local_attention,
    ],
)
def test_all_but_the_shape_is_keyword_only_in_one_order_and_with_one_default(formula):
    parameters = inspect.signature(formula).parameters
    first, *others = parameters.values()
    assert first.name == "shape"
    assert {parameter.kind for parameter in others} == {inspect.Parameter.KEYWORD_ONLY}
    order = ["kernel_size", "strides", "padding", "dilation_rate", "groups"]
    common = [name for name in parameters if name in order]
    assert common == [name for name in order if name in parameters]
    defaults = {
        "kernel_size": 7,  # the paper's, where a whole layer is meant
        "strides": 1,
        "padding": "same",
        "dilation_rate": 1,
        "groups": 1,
        "use_bias": False,
        "reduction_ratio": 4,
        "itemsize": 4,
        "training": False,
    }
    found = {other.name: other.default for other in others if other.default is not other.empty}
    assert found == {name: defaults[name] for name in found}
    missing = {other.name for other in others} - set(found)
    assert missing <= {"filters", "kernel_size"}
    assert ("kernel_size" in found) == (formula is costs.involution)


BAD = [
    (
        lambda: costs.involution((1, 8, 8, 64), groups=3),
        "`groups` must divide channels. Received: groups=3, channels=64",
    ),
    (
        lambda: costs.convolution((1, 8, 8, 8), filters=6, kernel_size=3, groups=4),
        "`groups` must divide channels and filters. Received: groups=4, channels=8, filters=6",
    ),
    (
        lambda: costs.convolution((1, 8, 8, 6), filters=8, kernel_size=3, groups=4),
        "`groups` must divide channels and filters. Received: groups=4, channels=6, filters=8",
    ),
    (
        lambda: costs.involve((1, 8, 8, 4), kernel_size=3, groups=0),
        "`groups` must be a positive integer. Received: groups=0",
    ),
    (
        lambda: costs.depthwise_convolution((1, 8, 8, 8), kernel_size=0),
        "`kernel_size` must be a positive integer or two of them. Received: kernel_size=0",
    ),
    (
        lambda: costs.separable_convolution((1, 8, 8, 8), filters=0, kernel_size=3),
        "`filters` must be a positive integer. Received: filters=0",
    ),
    (
        lambda: costs.involve((1, 8, 8, 8), kernel_size=3, strides=0),
        "`strides` must be a positive integer or two of them. Received: strides=0",
    ),
    (
        lambda: costs.involve((1, 8, 8, 8), kernel_size=3, dilation_rate=0),
        "`dilation_rate` must be a positive integer or two of them. Received: dilation_rate=0",
    ),
    (
        lambda: costs.local_attention((1, 8, 8, 8), kernel_size=(3, 0)),
        "`kernel_size` must be a positive integer or two of them. Received: kernel_size=(3, 0)",
    ),
    (
        lambda: costs.self_attention((1, 8, 8, 8), strides=0),
        "`strides` must be a positive integer or two of them. Received: strides=0",
    ),
    (
        lambda: costs.involve((1, 8, 0, 8), kernel_size=3),
        "`shape` must be a positive integer. Received: shape=0",
    ),
    (
        lambda: costs.involution((1, 8, 8, 8), reduction_ratio=0),
        "`reduction_ratio` must be a positive integer. Received: reduction_ratio=0",
    ),
    (
        lambda: costs.involve((1, 8, 8, 8), kernel_size=3, padding="full"),
        '`padding` must be "same", "valid" or a non-negative integer. Received: padding=\'full\'',
    ),
]


@pytest.mark.parametrize(("formula", "message"), BAD, ids=[message for _, message in BAD])
def test_bad_arguments_are_refused_with_what_came(formula, message):
    with pytest.raises(ValueError, match="Received: ") as refusal:
        formula()
    assert str(refusal.value) == message
