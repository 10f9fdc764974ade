"""Traces as the tools of xprof show them; the one place that calls xprof."""

import json
from collections.abc import Sequence
from typing import Any, Literal

from involution.quiet import without_noise

Tool = Literal["overview_page", "trace_viewer", "memory_profile"]


# xprof reports as an error that its newer converter does not know a tool, and takes the older one.
OLDER_CONVERTER = rb"E\d{4} .*No UnifiedProfileProcessor registered for tool"


class UnreadableTraceError(ValueError):
    """A trace that xprof cannot convert, or that lacks what every trace here has."""


def converted(files: Sequence[str], tool: Tool) -> Any:
    """Convert a trace for one tool.

    Args:
        files: the trace, one file per host.
        tool: which tool.

    Returns:
        What the tool would show, as parsed JSON.

    Raises:
        UnreadableTraceError: if xprof cannot convert the trace, or this version of xprof has no
            function for it.
    """
    try:
        # Here, so that what needs no trace needs no xprof.
        from xprof.convert.raw_to_tool_data import xspace_to_tool_data  # noqa: PLC0415

        # A result that xprof has kept may come from another version of it.
        with without_noise(OLDER_CONVERTER):
            data, _ = xspace_to_tool_data(files, tool, {"use_saved_result": False})
    except (ImportError, TypeError) as error:
        raise UnreadableTraceError(
            "traces cannot be converted: expected xprof.convert.raw_to_tool_data."
            "xspace_to_tool_data(files, tool, options), which returns the data and its type, as "
            f"in xprof 2.20 to 2.24. Received: {error}"
        ) from error
    if data is None:
        raise UnreadableTraceError(f"xprof could not convert {files[0]} for {tool}")
    return json.loads(data)
