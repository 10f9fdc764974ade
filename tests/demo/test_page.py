"""The markup for what was chosen, and that anything that is sent gives a sentence."""

import base64
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from demo import markup, page
from demo.models import Answer
from demo.pictures import MOST_BYTES, square
from demo.result import refusal, result
from tests.demo.files import noise, saved


def sent(content):
    return {"content": base64.b64encode(content).decode()}


def text(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def test_a_result_has_all_numbers(models):
    found = text(page.shown(models, {"label": 3, "place": 2}))
    assert "A test image of CIFAR-10. Its class is cat." in found
    for model in models:
        assert f" {model.parameters:,} " in found
        assert f" {model.macs:,} " in found
    assert "319,178" in found
    assert "8,225,408" in found
    assert len(re.findall(r"\d ms", found)) == len(models)
    assert "median of 15 calls on this machine, interleaved, batch 1, compiled by XLA" in found


def test_an_upload_is_shown_whole_and_as_the_models_see_it(models):
    html = page.shown(models, sent(saved(noise(200), "PNG")))
    assert "Your picture." in text(html)
    assert "the picture, cut to a square" in html
    assert html.count('class="map"') == 6


@pytest.mark.parametrize(
    "chosen",
    [
        None,
        {},
        [],
        "text",
        {"label": 3},
        {"label": "3", "place": "2"},
        {"label": 10, "place": 0},
        {"content": None},
        {"content": "no base64!"},
        {"content": "é"},
        {"content": "AAAA" * (MOST_BYTES // 3 + 2)},
        sent(b""),
        sent(b"no picture"),
    ],
)
def test_anything_else_gives_a_sentence(models, chosen):
    html = page.shown(models, chosen)
    assert re.fullmatch(r'<p class="refusal" role="alert">[^<]*\.</p>', html)


def test_markup_in_words_is_text(models):
    hostile = "<img src=x onerror=alert(1)>"
    assert "<img" not in refusal(hostile)
    model = replace(models[1], title=hostile, description=hostile)
    answer = Answer(model, np.full(10, 0.1, np.float32), [np.eye(4, dtype=np.float32)], 0.001)
    html = result(square(noise()), hostile, [answer])
    assert "<img src=x" not in html
    assert html.count("&lt;img") >= 4


def test_the_most_probable_classes_come_first(models):
    shares = np.array([0, 0.002, 0.05, 0.6, 0, 0.3, 0.048, 0, 0, 0], np.float32)
    html = result(square(noise()), "", [Answer(models[0], shares, [], 0.001)])
    assert re.findall(r"<span>(\w+)</span> <b>(.*?)</b>", html) == [
        ("cat", "60 %"),
        ("dog", "30 %"),
        ("bird", "5 %"),
        ("frog", "5 %"),
    ]


def test_a_heat_map_is_dark_where_low_and_yellow_where_high():
    values = np.array([[-2, 0.5], [3, 3]], np.float32)
    image = markup.heat_map(values)
    assert image.size == (2, 2)
    low, middle, high = (68, 1, 84), (33, 145, 140), (253, 231, 37)
    found = [image.getpixel(at) for at in [(0, 0), (1, 0), (0, 1)]]
    np.testing.assert_allclose(found, [low, middle, high], atol=2)
    assert len(markup.heat_map(np.zeros((3, 3), np.float32)).getcolors()) == 1


def test_a_map_that_hardly_varies_does_not_take_all_colours():
    highest = markup.heat_map(np.array([[3.9, 3.9 + 1e-4]], np.float32)).getpixel((1, 0))
    np.testing.assert_allclose(highest, (68, 1, 84), atol=2)


def test_a_data_url_holds_the_image():
    image = noise(8)
    head, content = markup.data_url(image).split(",")
    assert head == "data:image/png;base64"
    assert Image.open(io.BytesIO(base64.b64decode(content))).tobytes() == image.tobytes()
