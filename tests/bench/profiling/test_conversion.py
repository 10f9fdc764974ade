"""Another version of xprof is said, and not taken for a damaged trace."""

import sys
from types import ModuleType

import pytest

from bench.profiling.conversion import UnreadableTraceError, converted

MODULE = "xprof.convert.raw_to_tool_data"
EXPECTED = r"expected xprof\.convert\.raw_to_tool_data\.xspace_to_tool_data.*xprof 2\.20 to 2\.24"


def given(monkeypatch, function):
    module = ModuleType(MODULE)
    if function:
        module.xspace_to_tool_data = function
    monkeypatch.setitem(sys.modules, MODULE, module)


@pytest.mark.parametrize("function", [None, lambda files: None, lambda files, tool, options: None])
def test_a_function_that_is_gone_or_changed(monkeypatch, function):
    given(monkeypatch, function)
    with pytest.raises(UnreadableTraceError, match=EXPECTED):
        converted(["a.xplane.pb"], "overview_page")


def test_a_trace_that_xprof_cannot_convert(monkeypatch):
    given(monkeypatch, lambda files, tool, options: (None, "text"))
    with pytest.raises(UnreadableTraceError, match=r"could not convert a\.xplane\.pb"):
        converted(["a.xplane.pb"], "trace_viewer")


def test_what_xprof_returns_is_parsed_and_never_an_old_result(monkeypatch):
    seen = []
    given(monkeypatch, lambda *arguments: seen.append(arguments) or ('{"a": 1}', "json"))
    assert converted(["a.xplane.pb"], "memory_profile") == {"a": 1}
    assert seen == [(["a.xplane.pb"], "memory_profile", {"use_saved_result": False})]
