"""A pytest plugin that measures one case after the other, in place of interleaving several."""

from bench.session import whole_cases

whole_cases.TOGETHER = 1
