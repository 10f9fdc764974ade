"""What can be traced, and what it is called."""

from dataclasses import fields

from bench.cases import Case
from bench.operators import ALL_OPERATORS, ATTENTIONS, OPERATORS
from bench.parsing import parse_case
from bench.profiling.subjects import (
    MODELS,
    model_subject,
    operator_subjects,
)


def names(case=None, directions=("forward",), operators=None):
    return [
        subject.name
        for subject in operator_subjects(case or Case(), directions, operators or OPERATORS)
    ]


def test_every_operator_of_the_base_case_in_both_directions():
    operators = ["convolution", "convolution-3x3", "depthwise", "separable", str(OPERATORS[-1])]
    assert names(directions=("forward", "training")) == [
        f"{operator}-{direction}" for direction in ("forward", "training") for operator in operators
    ]


def test_a_name_tells_what_differs_from_the_base_case():
    case, directions = parse_case("kernel_size=3, height=56")
    assert directions == ("forward", "training")
    assert names(case)[0] == "convolution-forward-height56-kernel_size3"


def test_attention_is_left_out_where_a_map_is_large():
    assert names(operators=ATTENTIONS) == ["attention-forward", "local-attention-forward"]
    large = Case(height=56, width=56)
    assert names(large, operators=ATTENTIONS) == ["local-attention-forward-height56-width56"]


def test_names_have_no_character_that_a_file_cannot_have():
    case = Case(**{field.name: getattr(Case(), field.name) for field in fields(Case)})
    for subject in operator_subjects(case, ("training",), ALL_OPERATORS):
        assert subject.name.replace("-", "").replace("_", "").isalnum()


def test_models_by_name():
    assert {"rednet50", "resnet50", "tutorial_cnn", "tutorial_inn"} <= MODELS.keys()
    assert model_subject("rednet50").name == "rednet50-training"
    assert model_subject("rednet50", 2).name == "rednet50-training-batch2"
    assert model_subject("tutorial_inn", 2).description.batch == 2
