"""Patterns of names: they match what is meant and nothing else."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.sweeps.load import from_document
from reports.sweeps.model import naming
from reports.sweeps.model.description import LayerDescription
from reports.sweeps.model.layers import measured_model
from tests.reports.sweeps.model import runs

NAMES = st.lists(st.text("ab1_*?[]", min_size=1, max_size=5), unique=True, min_size=1, max_size=8)


@given(NAMES, st.data())
def test_patterns_match_the_names_and_no_other(names, data):
    count = data.draw(st.integers(1, len(names)))
    chosen, others = names[:count], names[count:]
    found = naming.patterns(chosen, others)
    matched = {name for name in names for each in found if fnmatchcase(name, each)}
    assert matched == set(chosen)


def test_numbered_blocks_have_one_pattern():
    names = [f"conv2_block{number}_2_conv" for number in (1, 2, 3)]
    assert naming.patterns(names, ["conv2_block1_1_conv"]) == ["conv2_block*_2_conv"]


@pytest.mark.parametrize(
    ("changes", "argument"),
    [
        ({"batch": 2}, "keras.applications.ResNet50 --batch 2"),
        (
            {"source": "involution.models", "name": "rednet26"},
            "involution.models.rednet26 --batch 4",
        ),
        ({"source": "my models/it's.keras"}, "'my models/it'\"'\"'s.keras' --batch 4"),
    ],
)
def test_the_trial_names_the_model_as_it_was_given(builder, changes, argument):
    run = from_document(builder.document([], model=runs.description([], **changes)), "x")
    model = measured_model(run.model, run.judged)
    layer = LayerDescription(**runs.layer("8x8x64, K3", ["a", "b*"]))
    start = f"python -m bench.trial {argument} --image-size 224x224"
    expected = f"{start} --replace a --replace 'b[*]'"
    assert naming.trial(model, [layer]) == expected
    assert naming.trial(model, []) == ""
