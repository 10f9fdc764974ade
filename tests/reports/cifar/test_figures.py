"""Figures: every model drawn, a text alternative, pixels embedded and not fetched."""

import re
from xml.etree import ElementTree

import pytest

from reports.cifar import figures
from reports.cifar.load import read
from reports.cifar.palette import swatches
from reports.cifar.statistics import summaries
from tests.reports.cifar import studies


@pytest.fixture
def content(study):
    return read(study).content


@pytest.fixture
def found(content):
    return summaries(content)


def images(panel):
    return [e for e in ElementTree.fromstring(panel.body).iter() if e.tag == "image"]


def test_the_sample_shows_25_images_with_their_classes(content):
    (panel,) = figures.sample_picture(content, "s").panels
    assert len(images(panel)) == 25
    assert all(e.get("href").startswith("data:image/png;base64,") for e in images(panel))
    assert panel.body.count(">a<") == 3  # labels 0 to 9 repeat: the first class comes three times


def test_kernel_maps_have_one_row_per_involution_layer(content):
    run = next(run for run in content.runs if run.operator == "involution")
    maps = content.kernel_maps[run.model, run.seed]["involution"]
    (panel,) = figures.maps_picture(content, run, "m").panels
    assert len(images(panel)) == 10 * 3
    assert f"involution ({maps.min():.3g} to {maps.max():.3g})" in panel.description


def test_a_convolutional_model_has_no_maps_and_lost_arrays_no_figures(content, study):
    assert figures.maps_picture(content, content.runs[0], "m") is None
    (study / "images.npz").unlink()
    without = read(study).content
    assert figures.sample_picture(without, "s") is None
    assert figures.maps_picture(without, without.runs[-1], "m") is None


def test_curves_draw_each_model_with_its_spread(found):
    looks = swatches(found)
    picture = figures.curves_picture(found, looks, "title", "c")
    assert len(picture.panels) == 4
    for panel in picture.panels:
        for look in looks.values():
            assert (
                len(re.findall(f'fill="{look.colour.lower()}" fill-opacity="0.22"', panel.body))
                == 1
            )
            assert f'stroke="{look.colour.lower()}"' in panel.body
    assert "tutorial_inn ends at 0.400 to 0.500" in picture.panels[0].description


def test_accuracies_by_parameters_show_seeds_means_and_intervals(found):
    (panel,) = figures.parameters_picture(found, swatches(found), "t", "p").panels
    assert "tutorial_cnn: 319,178 parameters, accuracy 0.710" in panel.description
    for look in swatches(found).values():
        assert f'stroke="{look.colour.lower()}" stroke-width="1.6"' in panel.body


def test_times(found, tmp_path):
    (panel,) = figures.time_picture(found, swatches(found), "t", "x").panels
    assert "tutorial_inn: 10.2 s" in panel.description
    record = studies.run(epoch_seconds=[9.0])
    record["history"] = {name: values[:1] for name, values in record["history"].items()}
    single = summaries(read(studies.write(tmp_path / "one", [record])).content)
    assert figures.time_picture(single, swatches(single), "t", "x") is None


def test_many_models_look_apart_by_operator():
    class Named:
        def __init__(self, number):
            self.model = str(number)
            self.operator = ("convolution", "involution")[number % 2]

    looks = swatches([Named(number) for number in range(6)])
    assert len({(look.colour, look.marker) for look in looks.values()}) == 6
