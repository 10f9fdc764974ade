"""TensorBoard itself, over fresh traces, as the system's Chromium shows it."""

import contextlib
import json
import re
import shutil
import socket
import subprocess
import time
import urllib.request

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from bench.profiling import tensorboard

SECONDS = 60
RUN = "involution-fused-training-kernel_size3"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
OPTIONS = (
    *("headless=new", "no-sandbox", "disable-gpu", "no-first-run", "window-size=1440,1000"),
    *("disable-background-networking", "disable-component-update", "disable-sync"),
)

# All text of a page, that of its web components too.
TEXT = """
const text = node => [...node.childNodes].map(child => child.nodeType == 3 ? child.data :
  ["STYLE", "SCRIPT", "TEMPLATE"].includes(child.tagName) ? "" :
  text(child) + (child.shadowRoot ? text(child.shadowRoot) : "")).join("\\n");
return text(document.body);
"""
FETCH = """
const done = arguments[arguments.length - 1];
fetch(`data?run=${encodeURIComponent(arguments[0])}&tag=${arguments[1]}`)
  .then(answer => answer.text()).then(done, error => done(String(error)));
"""


@pytest.fixture(scope="module")
def server(traces):
    """The address of TensorBoard over the traces."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*tensorboard.command(traces), "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{port}/"
            _wait_for(address, process)
            yield address
        finally:
            process.terminate()


def _wait_for(address, process):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.2)
    raise TimeoutError("TensorBoard does not answer")


@pytest.fixture(scope="module")
def browser():
    """The system's Chromium, driven by Selenium."""
    if not CHROMIUM or not DRIVER:
        pytest.skip("needs Chromium and its driver: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for option in OPTIONS:
        options.add_argument(f"--{option}")
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


@pytest.fixture
def profile(server, browser, traces):
    """A function that opens a tool on a run and returns the run's full name."""

    def open_tool(tool, run=RUN):
        session = next((traces / run).glob("plugins/profile/*")).name
        full_name = f"{run}/{session}"
        browser.get(f"{server}data/plugin/profile/index.html?run={full_name}&tag={tool}")
        return full_name

    return open_tool


def wait_for(browser, *words):
    """Wait until a page shows some words and return its text."""

    def text(driver):
        shown = driver.execute_script(TEXT)
        return shown if all(word in shown for word in words) else False

    return WebDriverWait(browser, SECONDS).until(text)


def test_the_profile_tab_lists_the_runs(server, browser, traces):
    browser.get(f"{server}#profile")
    frame = WebDriverWait(browser, SECONDS).until(
        lambda driver: driver.find_element(By.CSS_SELECTOR, "iframe")
    )
    browser.switch_to.frame(frame)
    assert "Sessions (2)" in wait_for(browser, "Performance Summary", "Sessions")
    browser.switch_to.default_content()


def test_the_overview_has_the_step_times_of_the_numbers(profile, browser, traces):
    full_name = profile("overview_page")
    text = wait_for(browser, RUN, "Performance Summary", "Host Compute Time")
    numbers = json.loads((traces / RUN / "numbers.json").read_text())
    steps = len(numbers["step_seconds"])
    # The page writes the mean of what a step consists of, in tenths of a millisecond.
    shown = [float(value) for value in re.findall(r"^\s*([\d.]+) ms\s*$", text, re.MULTILINE)]
    assert sum(shown) > 0
    mean = sum(numbers["step_seconds"]) / steps
    assert mean == pytest.approx(sum(shown) / 1e3, abs=len(shown) * 0.051e-3)
    table = json.loads(browser.execute_async_script(FETCH, full_name, "overview_page"))[1]
    column = [each["id"] for each in table["cols"]].index("stepTimeMs")
    milliseconds = [row["c"][column]["v"] for row in table["rows"]]
    assert numbers["step_seconds"] == pytest.approx([each / 1e3 for each in milliseconds])


def test_the_trace_viewer_shows_the_threads(profile, browser):
    profile("trace_viewer@")
    frame = WebDriverWait(browser, SECONDS).until(
        lambda driver: driver.find_element(By.CSS_SELECTOR, "iframe")
    )
    browser.switch_to.frame(frame)
    assert "tf_Compute" in wait_for(browser, "/host:CPU", "tf_Compute")
    browser.switch_to.default_content()


@pytest.mark.parametrize(
    ("run", "names"),
    [
        (RUN, ["involution2d", "kernel_generation/kernel_generator", "MatMul"]),
        ("convolution-training-kernel_size3", ["conv2d", "Conv2DBackpropFilter"]),
    ],
)
def test_op_statistics_name_the_operations(profile, browser, run, names):
    full_name = profile("framework_op_stats", run)
    wait_for(browser, run, "Framework Operations")
    # The page draws the table with a library that it loads from the internet.
    table = browser.execute_async_script(FETCH, full_name, "framework_op_stats")
    assert all(name in table for name in names)
