"""A pytest plugin that measures one case after the other, in place of several by turns."""

from bench.session import whole_cases

whole_cases.TOGETHER = 1
