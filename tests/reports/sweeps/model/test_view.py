"""A run of a model on the page, in Markdown, as CSV, as SVG and on the terminal."""

import csv
import io
import re

import pytest

from reports.output import csv as export
from reports.output import html, markdown, svg
from reports.sweeps.closing import closing_summary
from reports.sweeps.load import from_document
from tests.reports.conftest import Builder, results_of
from tests.reports.sweeps.model import runs

TITLE = "Involution in place of 3 of 6 spatial convolutions: projected 0.76 times the time of"
HOSTILE = """</script></style>'"><img src="x" onerror="ran=1"> | `x` **b** [a](b)"""


def run_of(path="x.json", **changes):
    return from_document(runs.resnet(Builder(rounds=10), **changes), path)


@pytest.fixture(scope="module")
def run():
    return run_of()


@pytest.fixture(scope="module")
def page(run):
    return html.render(results_of(run))


def test_the_page_begins_with_the_model(page):
    heading = re.search(r'<h1 id="verdict">(.*?)</h1>', page)[1]
    assert heading.startswith(TITLE)
    assert "batch 4, 224" in page
    assert "Where it helps" in page
    assert page.count('id="sweeps-front-forward-title"') == 1


def test_the_section_of_the_model_leads_the_sweeps(page):
    assert page.index('id="sweeps-model"') < page.index('id="sweeps-saving"')
    assert runs.COMMAND.replace("'", "&#39;") in page
    assert "Accuracy is unknown" in page
    assert '<li><a href="#sweeps-model">Your model</a></li>' in page


def test_layers_are_not_drawn_as_a_sweep(page):
    assert 'id="sweeps-layers' not in page
    assert "ratio-forward" not in page


def test_records_and_rounds_of_the_layers_are_there(run, page):
    # Two sizes of involution for two layers, and the rest, in both directions.
    assert page.count('<svg class="rounds"') == 10
    assert f"Download all {len(run.records)} records" in page
    assert "56x56x64, K3" in page


def test_a_sweep_in_the_same_file_stays_a_sweep():
    document = runs.resnet(Builder(rounds=10))
    document["benchmarks"] += Builder(rounds=10).whole_sweep("stride")
    page = html.render(results_of(from_document(document, "x.json")))
    assert re.search(r'<h1 id="verdict">(.*?)</h1>', page)[1].startswith(TITLE)
    assert page.index('id="sweeps-model"') < page.index('id="sweeps-stride"')


def test_several_runs_have_a_section_each():
    page = html.render(results_of(run_of("a.json"), run_of("b.json", trial=0.08)))
    for number in (1, 2):
        assert page.count(f'id="sweeps-{number}-model"') == 1
    # The one that leads shows its figure at the top, the other one in its section.
    assert page.count('id="sweeps-1-front-forward-title"') == 1
    assert page.count('id="sweeps-2-model-layers-forward-title"') == 1
    identities = re.findall(r' id="([^"]+)"', page)
    assert len(identities) == len(set(identities))


def test_strings_of_a_file_are_text():
    document = runs.resnet(Builder(rounds=10), name=HOSTILE, source=HOSTILE)
    layer = document["model"]["layers"][1]
    old, layer["label"] = layer["label"], HOSTILE
    layer.update(names=[HOSTILE, HOSTILE + "2", HOSTILE + "3"], kind=HOSTILE)
    document["model"]["layers"][0].update(reason=HOSTILE, instead=HOSTILE)
    for entry in document["benchmarks"]:
        if entry["extra_info"]["axis_value"] == old:
            entry["extra_info"].update(axis_value=HOSTILE, label=HOSTILE)
    run = from_document(document, "x.json")
    assert run.problems == ()
    page = html.render(results_of(run))
    assert "<img src" not in page
    assert "</script></style>" not in page
    text = markdown.summary(results_of(run))
    # Within a span of code nothing is markup: the command is the only one on a line of its own.
    assert not re.search(r"(?m)^(?!`[^`\n]*`$).*(?<!\\)<img", text)


def test_a_run_of_which_nothing_was_measured_is_shown():
    document = runs.resnet(Builder(rounds=10))
    missing = [
        {**entry["extra_info"], "notes": ["too large"]}
        for entry in document["benchmarks"]
        if not entry["extra_info"]["is_twin"]
    ]
    run = from_document({**document, "benchmarks": [], "unmeasured": missing}, "x.json")
    page = html.render(results_of(run))
    assert "None of the 6 spatial convolutions of ResNet50 was measured" in page
    assert "too large" in page


def test_markdown_has_the_model_first(run):
    text = markdown.summary(results_of(run))
    assert text.startswith(f"# {TITLE}")
    assert "### Your model" in text
    assert f"\n`{runs.COMMAND}`\n" in text
    assert "### Layers" not in text
    assert re.search(r"(?m)^\| block\\\*\\_conv \| 56x56x64, K3 \| 3 \| 30 %; ", text)


def test_csv_has_all_records_of_layers_and_model(run):
    found = list(csv.DictReader(io.StringIO(export.csv(run.judged))))
    assert len(found) == len(run.records)
    places = {(row["sweep"], row["axis_value"]) for row in found}
    assert ("layers", "56x56x64, K3") in places
    assert ("model", "4") in places


def test_the_figure_is_written_as_svg(run):
    names = [name for name, _ in svg.figures(results_of(run))]
    assert "model-layers-forward.svg" in names
    assert "model-layers-training.svg" in names


def test_the_terminal_ends_with_the_model(run):
    text = closing_summary(run.records, run.model)
    *_, end = text.partition("Noise floor")
    assert " ".join(end.split()).count(TITLE) == 1
    assert "What the whole model gains: projected 0.76" in text
