"""What a public host reads: issue forms, the citation, the security policy."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FORMS = ROOT / ".github" / "ISSUE_TEMPLATE"
CONFIG = FORMS / "config.yml"
TEMPLATES = sorted(path for path in FORMS.glob("*.yml") if path != CONFIG)
SCHEMAS = {
    "vendor.github-issue-forms": TEMPLATES,
    "vendor.github-issue-config": [CONFIG],
    "vendor.citation-file-format": [ROOT / "CITATION.cff"],
}


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("schema", SCHEMAS)
def test_each_file_is_what_its_schema_asks_for(schema):
    if not shutil.which("check-jsonschema"):
        pytest.skip("check-jsonschema is not installed")
    words = ["check-jsonschema", "--builtin-schema", schema, *map(str, SCHEMAS[schema])]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_is_a_form_for_each_kind_of_issue():
    assert [path.stem for path in TEMPLATES] == ["addition", "fault", "numbers"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_form_asks_for_something_and_each_answer_has_a_name(path):
    """GitHub shows no form whose parts share a name, or that has nothing to fill in."""
    form = read(path)
    asked = [part for part in form["body"] if part["type"] != "markdown"]
    names = [part["id"] for part in asked]
    labels = [part["attributes"]["label"] for part in asked]
    assert len(set(names)) == len(names) >= 1
    assert len(set(labels)) == len(labels)
    assert any(part.get("validations", {}).get("required") for part in asked)


def test_wrong_numbers_come_with_the_machine_and_the_versions():
    text = (FORMS / "numbers.yml").read_text(encoding="utf-8")
    assert "python -m reports --format md" in text


def test_the_paper_is_cited():
    citation = read(ROOT / "CITATION.cff")
    [paper] = citation["references"]
    assert paper["title"] == (
        "Involution: Inverting the Inherence of Convolution for Visual Recognition"
    )
    assert (paper["year"], paper["start"], paper["end"]) == (2021, 12321, 12330)
    assert [author["family-names"] for author in paper["authors"]][:2] == ["Li", "Hu"]
    assert citation["license"] == "Apache-2.0"
