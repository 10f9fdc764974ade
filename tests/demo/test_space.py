"""The folder alone, under another name, as a hosted Space runs it."""

import shutil
import urllib.request
from pathlib import Path

import pytest
import yaml

import demo
from tests.demo.serving import ROOT, served

FOLDER = Path(demo.__file__).parent


@pytest.mark.slow
def test_the_folder_alone_serves_the_page(tmp_path):
    space = shutil.copytree(FOLDER, tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    # `involution` stands for the installed package; `demo` of this tree is out of reach.
    shutil.copytree(ROOT / "involution", tmp_path / "installed" / "involution")
    command = [str(space / "app.py")]
    environment = {
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "GRADIO_SERVER_PORT": "{port}",
    }
    with (
        served(tmp_path, command, path=tmp_path / "installed", **environment) as server,
        urllib.request.urlopen(server.address, timeout=60) as answer,
    ):
        assert b"Choose a picture" in answer.read()
        assert server.hosts == {"127.0.0.1"}


def test_the_front_matter_names_what_is_there():
    head = (FOLDER / "README.md").read_text(encoding="utf-8").split("---\n")[1]
    matter = yaml.safe_load(head)
    assert matter["sdk"] == "gradio"
    assert (FOLDER / matter["app_file"]).is_file()
    # The version of Gradio that a Space gets is the lowest that is asked for: it is tested.
    asked = (FOLDER / "requirements.txt").read_text(encoding="utf-8")
    assert f"gradio>={'.'.join(matter['sdk_version'].split('.')[:2])}\n" in asked
    assert len(matter["short_description"]) <= 60
