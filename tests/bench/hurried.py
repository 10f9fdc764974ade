"""A pytest plugin that takes the first speed of the machine that it finds for its peak."""

from bench.session import peaks

peaks.SEARCH_SECONDS = 0.0
