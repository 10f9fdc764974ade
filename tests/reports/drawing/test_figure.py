"""How a figure becomes part of a page."""

from xml.etree import ElementTree

import pytest
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports.drawing.figure import DISC, Figure, Panel, Swatch

HOSTILE = "<script>\"'&"


@pytest.fixture
def written():
    panel = Panel("run-1-a", (460.0, 315.5), HOSTILE, HOSTILE, Markup('<path d="M0 0h1"/>'))
    legend = [Swatch(HOSTILE, "#0072B2", "D"), Swatch("other", "#D55E00", "o")]
    figure = Figure("run-1", HOSTILE, HOSTILE, [panel], legend, ["forward", "training"])
    environment = Environment(
        loader=PackageLoader("reports"), autoescape=True, undefined=StrictUndefined
    )
    template = environment.get_template("macros.html")
    return ElementTree.fromstring(str(template.module.figure(figure)))


def test_a_panel_is_an_image_with_a_text_alternative(written):
    svg = written.find(".//div/svg")
    assert svg.get("role") == "img"
    assert svg.get("viewBox") == "0 0 460 315.5"
    title, description, path = svg
    assert svg.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == description.text == HOSTILE
    assert path.get("d") == "M0 0h1"


def test_the_legend_has_the_look_of_each_series_and_direction(written):
    entries = written.findall("./ul/li")
    assert [entry.find("svg/path").get("fill") for entry in entries[:2]] == ["#0072B2", "#D55E00"]
    assert entries[1].find("svg/path").get("d") == DISC
    assert [entry.find("span").get("class").split()[-1] for entry in entries[2:]] == [
        "stroke",
        "training",
    ]
