"""The results from which golden files are made."""

import pytest

from reports.kinds import Results
from reports.sweeps.load import from_document
from tests.reports.conftest import Builder, results_of


@pytest.fixture
def fixed_results() -> Results:
    """Two sweeps and a pair of models, an unmeasured case and a faulty record."""
    builder = Builder(rounds=12, seed=7)
    entries = [entry for sweep in ("kernel_size", "groups") for entry in builder.sweep(sweep)]
    entries += [
        builder.record("models", "convolution", "resnet50"),
        builder.record("models", "involution", "rednet50", ratio=0.8),
    ]
    missing = builder.record("groups", "involution", "patches", groups=32)["extra_info"]
    entries[3]["extra_info"]["macs"] = "many"
    document = builder.document(
        entries,
        unmeasured=[{**missing, "notes": ["needs 5 GiB"]}],
        conditions={"load": 0.25, "peak_flops": 1e11, "peak_bandwidth": 1e10},
    )
    return results_of(from_document(document, "bench.json"))
