"""A panel: what matplotlib drew as elements of SVG, whatever its user has set."""

import re
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D

from reports.drawing.panel import panel
from reports.drawing.renderer import PanelRenderer

SIZE = (300.0, 200.0)


def drawn(draw):
    return panel(draw, SIZE, "p", "title", "description")


def elements(body, tag):
    return [each for each in ElementTree.fromstring(body).iter() if each.tag == tag]


def test_settings_of_this_process_neither_leak_in_nor_change():
    def draw(axes):
        axes.plot([1, 2], [3, 4])

    plain = drawn(draw)
    with mpl.rc_context({"lines.linewidth": 9, "font.size": 30, "axes.facecolor": "red"}):
        before = dict(mpl.rcParams)
        assert drawn(draw) == plain
        assert dict(mpl.rcParams) == before


def test_points_of_a_series_share_one_marker():
    body = drawn(lambda axes: axes.plot([1, 2, 3], [1, 2, 3], "o")).body
    (marker,) = elements(body, "marker")
    uses = [each for each in elements(body, "path") if each.get("style")]
    assert [each.get("style") for each in uses] == [f"marker:url(#{marker.get('id')})"]
    assert len(re.findall(r"[\d.]+ [\d.]+", uses[0].get("d"))) == 3


def test_points_are_where_the_values_are():
    body = drawn(lambda axes: axes.plot([0, 1, 3], [0, 2, 1], "s", clip_on=False)).body
    data = next(each.get("d") for each in elements(body, "path") if each.get("style"))
    places = np.array([float(number) for number in re.findall(r"[\d.]+", data)]).reshape(-1, 2)
    across, down = np.diff(places, axis=0).T
    assert across[1] / across[0] == pytest.approx(2, abs=0.01)
    assert down[0] < 0 < down[1]  # down is larger in SVG
    assert down[1] / down[0] == pytest.approx(-0.5, abs=0.01)


def test_a_line_is_cut_at_the_border_and_an_area_clipped():
    def draw(axes):
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.plot([-10, 10], [0.5, 0.5], color="#123456")
        axes.fill_between([-10, 10], [0.2, 0.2], [0.4, 0.4], color="#654321")

    body = drawn(draw).body
    line = next(each for each in elements(body, "path") if each.get("stroke") == "#123456")
    numbers = [abs(float(number)) for number in re.findall(r"[\d.]+", line.get("d"))]
    assert max(numbers) <= SIZE[0]
    area = next(each for each in elements(body, "path") if each.get("fill") == "#654321")
    (clip,) = elements(body, "clipPath")
    assert area.get("clip-path") == f"url(#{clip.get('id')})"


def test_lines_of_one_look_are_one_element():
    body = drawn(lambda axes: axes.vlines([1, 2, 3], 0, [1, 2, 3], colors="#123456")).body
    (lines,) = [each for each in elements(body, "path") if each.get("stroke") == "#123456"]
    assert lines.get("d").count("M") == 3


def test_markup_and_formulas_stay_text():
    body = drawn(lambda axes: axes.set_title("<b>$x^2$</b> & \"'")).body
    (text,) = [each for each in elements(body, "text") if each.get("font-weight")]
    assert text.text == "<b>$x^2$</b> & \"'"


def test_text_is_held_where_it_is_aligned():
    def draw(axes):
        axes.set_axis_off()
        for place in ("left", "center", "right"):
            axes.text(0.5, 0.5, place, ha=place, transform=axes.transAxes)
        axes.text(0.5, 0.5, "turned", rotation=90, rotation_mode="anchor", ha="right")

    texts = {each.text: each for each in elements(drawn(draw).body, "text")}
    assert texts["left"].get("text-anchor") is None
    assert texts["center"].get("text-anchor") == "middle"
    assert texts["right"].get("text-anchor") == "end"
    assert len({texts[name].get("x") for name in ("left", "center", "right")}) == 1
    assert texts["turned"].get("transform").startswith("rotate(-90 ")


def test_an_image_brings_its_own_pixels_upright():
    pixels = np.zeros((2, 3, 3), dtype=np.uint8)

    def draw(axes):
        axes.set_axis_off()
        axes.set(xlim=(0, 30), ylim=(20, 0))
        axes.imshow(pixels, extent=(0, 30, 20, 0), interpolation="none")

    (image,) = elements(drawn(draw).body, "image")
    assert (image.get("width"), image.get("height")) == ("3", "2")
    a, b, c, d, _, _ = map(float, re.findall(r"[-\d.]+", image.get("transform")))
    assert a > 0
    assert b == c == 0
    assert d != 0
    with pytest.raises(NotImplementedError, match="interpolation"):
        drawn(lambda axes: axes.imshow(pixels, interpolation="bilinear", resample=True))


def test_nothing_is_drawn_of_nothing():
    renderer = PanelRenderer(SIZE, "p")
    gc = renderer.new_gc()
    renderer.draw_path(gc, Outline(np.full((3, 2), np.nan)), Affine2D())
    gc.set_linewidth(0)
    renderer.draw_path(gc, Outline([(0, 0), (1, 1)]), Affine2D())
    (group,) = [ElementTree.fromstring(renderer.finished())]
    assert len(group) == 0
