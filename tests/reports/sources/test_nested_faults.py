"""What is wrong inside nested objects is said with the path that leads there."""

from typing import Annotated, Literal

import pytest
from pydantic import Field

from reports.sources.files import UnreadableError
from reports.sources.validation import (
    Expected,
    Schema,
    Size,
    Text,
    Texts,
    check_format,
    checked,
    key,
)


class Apple(Schema):
    kind: Literal["apple"] = key("Tells it from a pear.")
    apple: Text = key("Its variety; the key is called like the tag.")


class Pear(Schema):
    kind: Literal["pear"] = key("Tells it from an apple.")
    seeds: Size = key("How many.")


class Basket(Schema):
    fruit: Annotated[Apple | Pear, Field(discriminator="kind"), Expected("a fruit")] = key("One.")
    pears: list[Pear] = key("Further ones.")
    notes: Texts = key("Words.")


VALID = {"fruit": {"kind": "apple", "apple": "Boskop"}, "pears": [], "notes": []}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"fruit": 3}, "fruit: expected a fruit. Received: 3"),
        ({"fruit": {}}, "fruit: expected a fruit. Received: {}"),
        ({"fruit": {"kind": "apple"}}, "fruit.apple: missing, expected a string"),
        (
            {"fruit": {"kind": "pear", "seeds": None}},
            "fruit.seeds: expected an integer of at least 1. Received: null",
        ),
        ({"pears": [3]}, "pears[0]: expected an object. Received: 3"),
        (
            {"pears": [{"kind": "pear", "seeds": 1}, {"kind": "pear", "seeds": 0}]},
            "pears[1].seeds: expected an integer of at least 1. Received: 0",
        ),
        ({"notes": [1, 2]}, "notes: expected a list of strings. Received: [1, 2]"),
    ],
)
def test_the_path_to_a_fault(changes, message):
    with pytest.raises(UnreadableError) as error:
        checked(Basket, {**VALID, **changes})
    assert str(error.value) == message


def test_a_valid_object_passes():
    fruit = checked(Basket, VALID).fruit
    assert isinstance(fruit, Apple)
    assert fruit.apple == "Boskop"


@pytest.mark.parametrize(
    ("document", "received"),
    [({"format": 3}, "3"), ({"format": True}, "True"), ({"format": "1"}, "'1'"), ({}, "nothing")],
)
def test_an_unknown_format_is_refused(document, received):
    message = rf"unknown format: expected format=1 or 2\. Received: {received}$"
    with pytest.raises(UnreadableError, match=message):
        check_format(document, known=(1, 2))


def test_what_is_no_object_has_no_format():
    with pytest.raises(UnreadableError, match=r"expected an object\. Received: \[\]"):
        check_format([], known=(1,))
