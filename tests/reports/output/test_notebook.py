"""Pictures for a notebook: whole files of SVG that say what they show."""

from xml.etree import ElementTree

import numpy as np

from reports.drawing.figure import Swatch
from reports.output.notebook import picture

SVG = "{http://www.w3.org/2000/svg}"


def tiles(plot):
    for axes in plot.subplots(2, 3).flat:
        axes.imshow(np.zeros((4, 4, 3), np.uint8), interpolation="none")
        axes.set_title("class")


def test_a_picture_has_all_its_axes_its_words_and_its_legend():
    made = picture(tiles, (300, 200), "Tiles", "All black.", legend=[Swatch("CNN", "#0072B2", "o")])
    root = ElementTree.fromstring(made._repr_svg_())
    assert len(root.findall(f".//{SVG}image")) == 6
    texts = [each.text for each in root.iter(f"{SVG}text")]
    assert [text for text in texts if text in ("class", "CNN")] == ["class"] * 6 + ["CNN"]
    assert root.findtext(f"{SVG}title") == "Tiles"
    assert root.findtext(f"{SVG}desc") == "All black."


def test_a_picture_follows_the_theme_of_its_reader():
    svg = picture(tiles, (300, 200), "Tiles", "All black.").svg
    assert "prefers-color-scheme: dark" in svg
    assert 'fill="var(--ink)"' in svg


def test_a_notebook_keeps_a_picture_once():
    assert "<svg" not in repr(picture(tiles, (300, 200), "Tiles", "All black."))
