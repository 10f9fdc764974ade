"""The page of a model in a browser: wide and narrow, light and dark, and with hostile names."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from reports.output.html import render
from reports.sweeps.load import from_document
from tests import browser
from tests.reports.conftest import Builder, results_of
from tests.reports.sweeps.model import runs

pytestmark = pytest.mark.slow

HOSTILE = """</script></style></svg>'"><img src="x" onerror="ran=1"><script>ran=1</script>"""
# Pixels: smaller letters cannot be read.
LEAST_LETTERS = 9


def hostile():
    document = runs.resnet(Builder(rounds=10), name=HOSTILE, source=HOSTILE)
    stem, blocks, wide, *_ = document["model"]["layers"]
    wide.update(kind="depthwise convolution")
    stem.update(reason=HOSTILE, instead=HOSTILE, names=[HOSTILE])
    blocks.update(names=[f"{HOSTILE}{number}" for number in (1, 2, 3)])
    return document


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    found = [
        from_document(document, f"{number}.json")
        for number, document in enumerate([runs.resnet(Builder(rounds=10)), hostile()])
    ]
    path.write_text(render(results_of(*found)), encoding="utf-8")
    with browser.chromium() as started:
        opened = started.new_page()
        opened.goto(path.as_uri())
        yield opened


def test_names_of_a_file_run_nothing(page):
    assert page.evaluate("typeof ran") == "undefined"
    assert page.locator("img").count() == 0
    # The file of the model, and three names.
    assert page.locator("pre").nth(1).inner_text().count("<script>") == 4


@pytest.mark.parametrize("width", [390, 1440])
def test_the_section_fits_and_can_be_read(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    heights = page.eval_on_selector_all(
        ".hero svg text", "texts => texts.map(text => text.getBoundingClientRect().height)"
    )
    assert min(heights) >= LEAST_LETTERS


def test_the_tables_of_layers_fit_a_wide_window(page):
    page.set_viewport_size({"width": 1440, "height": 900})
    hidden = page.eval_on_selector_all(
        ".scroll:has(table[id*='-model-'])",
        "regions => regions.map(region => region.scrollWidth - region.clientWidth)",
    )
    assert hidden == [0] * 4


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_out(page, scheme):
    page.emulate_media(color_scheme=scheme)
    found = Axe().run(page).response["violations"]
    serious = {rule["id"] for rule in found if rule["impact"] in {"serious", "critical"}}
    assert serious == set()
