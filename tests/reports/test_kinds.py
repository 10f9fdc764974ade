"""Folders of results beside, and without, a run of the sweeps."""

import re

from reports.__main__ import main
from reports.kinds import KINDS
from reports.output.html import render
from reports.sweeps.load import load
from tests.reports.cifar import studies


def test_each_kind_is_told_by_a_file_of_its_own():
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_without_folders_the_page_says_how_to_make_each_kind(builder, write):
    page = render(load([write(builder.document(builder.sweep("stride", [1])))]))
    for kind in KINDS:
        assert f"<code>{kind.command}</code>" in page


def test_a_folder_beside_a_run_gets_its_section(builder, write, study):
    results = load([write(builder.document(builder.sweep("stride", [1]))), study])
    assert results.problems == []
    page = render(results)
    assert 'id="cifar"' in page
    assert "python -m bench.cifar" not in page
    assert "319,178" in page
    assert "times the time of dense convolution" in page


def test_a_folder_alone_gives_a_page(study, tmp_path):
    page = tmp_path / "page.html"
    assert main([str(study), "-o", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert "319,178" in text
    assert "pytest bench --benchmark-only" in text
    identities = re.findall(r'\bid="([^"]+)"', text)
    assert len(identities) == len(set(identities))


def test_two_folders_of_one_kind_are_kept_apart(study, tmp_path):
    page = render(load([study, studies.write(tmp_path / "other")]))
    assert page.count('class="verdict"') == 2
    assert {"cifar-1", "cifar-2"} <= set(re.findall(r'\bid="([^"]+)"', page))
