"""The page: complete, self-contained, and deaf to what the files say."""

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from reports.kinds import Results, read
from reports.output import script
from reports.output.html import render
from reports.sweeps.lines import lines
from reports.sweeps.load import from_document, source
from reports.sweeps.opening import title
from tests.reports.conftest import Builder, results_of
from tests.reports.outline import Outline
from tests.reports.profiling import traces

SCRIPT = "<script>alert(1)</script>"


def without_library(page):
    """The page without the table's library, whose notices hold addresses."""
    for part in script.library():
        assert page.count(part) == 1
        page = page.replace(part, "")
    return page


@pytest.fixture(scope="module")
def results():
    builder = Builder()
    benchmarks = builder.sweep("kernel_size", [3, 7]) + builder.sweep("groups", [1, 64])
    missing = builder.record("kernel_size", "involution", "patches", kernel_size=15)["extra_info"]
    document = builder.document(
        benchmarks, unmeasured=[{**missing, "notes": ["needs 5 GiB"], "macs": None}]
    )
    return results_of(from_document(document, "bench.json"))


@pytest.fixture(scope="module")
def page(results):
    return render(results)


def test_the_page_nests_and_its_links_lead_somewhere(page):
    outline = Outline(page)
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.links) <= set(outline.ids)
    assert {"header", "nav", "main", "footer"} <= outline.tags
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    steps = [after - before for before, after in pairwise(outline.headings)]
    assert max(steps) <= 1


def test_the_page_loads_nothing(page):
    outline = Outline(page)
    assert outline.loads == []
    assert outline.tags.isdisjoint({"link", "img", "iframe", "object", "embed"})
    page = without_library(page)
    assert "@import" not in page
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", page))
    addresses = set(re.findall(r"https?://[^\"\s<]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_the_page_holds_verdicts_records_reasons_and_machine(page, results):
    assert page.count("times the time of dense convolution") >= 4
    for name in results.sources[0].content.records["fullname"]:
        assert name.replace("'", "&#39;") in page
    for text in ("needs 5 GiB", "Example CPU 2.0", "1 MAC = 2 FLOPs", "8.00 GiB", "pytest &#39;"):
        assert text in page
    assert "up to" not in page


def test_equal_results_give_equal_pages(page, results):
    assert render(results) == page


def test_markup_in_a_file_is_shown_as_text(builder):
    records = [
        builder.record("stride", "convolution"),
        builder.record("stride", SCRIPT, SCRIPT, strides=2),
    ]
    for record in records:
        record["extra_info"]["notes"] = [SCRIPT]
        record["fullname"] = record["fullname"] + SCRIPT
        record["extra_info"]["label"] = SCRIPT
    records[1]["extra_info"]["sweep"] = SCRIPT
    document = builder.document(records, datetime=SCRIPT)
    document["machine_info"]["cpu"] = {"brand_raw": SCRIPT}
    document["machine_info"]["node"] = [SCRIPT]
    document["commit_info"]["branch"] = SCRIPT
    document["unmeasured"] = [{**records[1]["extra_info"], "strides": 3}]
    run = from_document(document, SCRIPT)
    page = render(Results(results_of(run).sources, [(SCRIPT, SCRIPT)]))
    assert len(run.records) == 2
    page = without_library(page)
    assert SCRIPT not in page
    assert page.count("<script") == 3
    assert "&lt;script&gt;alert(1)" in page
    Outline(page)


def test_files_of_two_machines_get_sections_of_their_own(builder, write):
    paths = [
        write(builder.document(builder.sweep("stride", [1, 2])), f"{name}.json")
        for name in ("one", "two")
    ]
    page = render(read(paths))
    assert 'id="sweeps-1"' in page
    assert 'id="sweeps-2-stride"' in page
    assert page.count('class="verdict"') == 2
    others = page[page.index("Also in this report") : page.index("</header>")]
    assert 'href="#sweeps-2"' in others
    assert 'href="#sweeps-1"' not in others


def test_the_first_screen_is_finding_figure_and_lines(page, results):
    judged = results.sources[0].content.judged
    header = page[page.index("<header") : page.index("</header>")]
    assert title(judged) in header.replace("\N{NO-BREAK SPACE}", " ")
    assert f"<title>{title(judged)}</title>" in page
    assert header.count("<svg") == 2
    for line in lines(judged):
        heading, _, text = line.partition(": ")
        assert f"<strong>{heading}</strong> {text[:1].upper()}{text[1:]}" in header


def test_a_section_without_content_is_named_at_the_end_alone(page):
    contents = page[page.index("<nav") : page.index("</nav>")]
    for name in ("comparison", "problems", "cifar", "profile"):
        assert f'href="#{name}"' not in contents
        assert f'id="{name}"' not in page
    absent = page[page.index('id="absent"') :]
    assert "<li>What changed since an older run: <code>python -m reports --baseline" in absent
    assert "<li>Whole models, RedNet against ResNet: <code>pytest bench" in absent


def test_a_page_of_nothing(builder):
    page = render(Results())
    assert "<h1" in page
    assert "There are no results to show" in page
    Outline(page)


@pytest.mark.parametrize("kind", ["cifar", "profile"])
def test_a_page_of_one_other_kind_begins_with_it(kind, study, tmp_path):
    traced = traces.write(tmp_path / "profile", traces.INVOLUTION)
    page = render(read([study if kind == "cifar" else traced]))
    header = page[page.index("<header") : page.index("</header>")]
    expected = {
        "cifar": "tutorial_inn is less accurate than tutorial_cnn, with less than a tenth of its",
        "profile": "In involution (fused), generating the kernels takes 75 %",
    }
    assert expected[kind] in header
    assert "<svg" in header
    assert header.count("<strong>Where it") == (2 if kind == "cifar" else 0)
    outline = Outline(page)
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.links) <= set(outline.ids)


def test_a_run_without_records_has_no_chapter_and_no_dead_link(builder, write, study):
    page = render(read([write(builder.document([])), study]))
    outline = Outline(page)
    assert set(outline.links) <= set(outline.ids)
    assert 'id="sweeps"' not in page
    assert "<li>Nothing was measured in this run (bench.json" in page


def test_a_run_that_compares_something_leads(builder, write):
    baseline = builder.document([builder.record("stride", "convolution")])
    paths = [write(baseline, "a.json"), write(builder.document(builder.sweep("stride")), "b.json")]
    page = render(read(paths))
    assert "<h1" in page
    assert "Only dense" not in page[page.index("<h1") : page.index("</h1>")]


def test_a_page_of_unmeasured_cases_alone(builder):
    case = builder.record("stride", "involution")["extra_info"]
    page = render(results_of(from_document(builder.document([], unmeasured=[case]), "x")))
    assert "Nothing was measured" in page
    assert "no reason given" in page


def test_parts_that_are_missing_say_how_they_are_made(page):
    for command in ("-k models", "bench.cifar", "bench.profiling", "--baseline OLD.json"):
        assert command in page


@pytest.mark.parametrize(
    "info", [{}, {"cpu": "text", "threads": 3, "memory_bytes": "much", "cores": None}]
)
def test_gaps_in_the_machine_are_said(builder, info):
    run = from_document(
        builder.document([builder.record("stride", "convolution")], machine_info=info), "x.json"
    )
    assert dict(run.facts)["Processor"] == "not stated"
    assert source(run).label == "x.json, 2026-01-02"


def test_reports_need_no_tensorflow():
    check = (
        "import sys, reports.__main__, reports.sweeps.closing;"
        "names = {'tensorflow', 'keras', 'bench', 'involution'} & set(sys.modules);"
        "sys.exit(str(names) if names else 0)"
    )
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", check], cwd=root, check=False).returncode == 0


@pytest.mark.parametrize(("noise", "precise"), [(1e-4, 1), (0.5, 0)])
def test_the_method_says_how_many_ratios_are_precise(builder, noise, precise):
    builder.noise = noise
    entries = [builder.record("stride", name) for name in ("convolution", "involution")]
    page = render(results_of(from_document(builder.document(entries), "x")))
    assert f"{precise} of 1 ratios to the baseline are known to ± 2 % or better." in page


def test_a_crossing_is_given_between_measured_values(builder):
    entries = builder.sweep("resolution", [2, 4, 8, 16])
    page = render(results_of(from_document(builder.document(entries), "x")))
    assert "faster between resolution 4 and 8 (by its intervals too), forward" in page
    assert "4 and 8, then faster<small>by its intervals too</small>" in page
