"""The one browser of all tests: Chromium, without a window, driven by Playwright.

To install it: `apt-get install chromium`, or `playwright install chromium`.
"""

import contextlib
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# As root, as in a container, Chromium starts without its sandbox only.
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
# Of the impacts that axe tells, those that no page may have.
SERIOUS = {"serious", "critical"}


@contextlib.contextmanager
def chromium():
    """Start Chromium, that of the system or else Playwright's own; skip the test without one."""
    with sync_playwright() as tools:
        path = next(filter(None, map(shutil.which, NAMES)), None)
        if path is None and not Path(tools.chromium.executable_path).exists():
            pytest.skip("needs the browser chromium: apt-get install chromium")
        browser = tools.chromium.launch(executable_path=path, args=OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


def barriers(page):
    """Return the rules of accessibility that a page breaks, each with the first places."""
    return {
        rule["id"]: [node["html"][:200] for node in rule["nodes"][:3]]
        for rule in Axe().run(page).response["violations"]
        if rule["impact"] in SERIOUS
    }
