"""The results from which golden files are made."""

import pytest

from reports.kinds import Results
from reports.sweeps.load import from_document
from tests.reports.conftest import Builder, results_of


@pytest.fixture
def fixed_results() -> Results:
    """Two sweeps, two models and empty calls, an unmeasured case and a faulty record."""
    builder = Builder(rounds=12, seed=7)
    entries = [entry for sweep in ("kernel_size", "groups") for entry in builder.whole_sweep(sweep)]
    models = [("convolution", "resnet50", "graph"), ("involution", "rednet50", "graph")]
    entries += builder.whole_case("models", competitors=models)
    entries += builder.empty_calls()
    missing = builder.record("groups", "involution", "patches", groups=32)["extra_info"]
    entries[3]["extra_info"]["macs"] = "many"
    entries[4]["extra_info"]["stopped"] = "precise"
    entries[5]["extra_info"]["stopped"] = "time"
    document = builder.document(
        entries,
        unmeasured=[{**missing, "notes": ["needs 5 GiB"]}],
        conditions={
            "load": 0.25,
            "peak_flops": 1e12,
            "peak_product_size": 2048,
            "peak_bandwidth": 1e10,
            "peak_copy_bytes": 2**28,
            "last_cache_bytes": 2**25,
        },
    )
    return results_of(from_document(document, "bench.json"))
