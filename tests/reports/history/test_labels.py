"""Names of series."""

from reports.history.labels import labelled
from tests.reports.history.simulated import records


def test_series_that_nothing_tells_apart_have_numbers_in_their_own_order():
    table = records(runs=1, kernels=(3,)).assign(colour="#000000", marker="o")
    table = table[table["operator"] == "involution"].iloc[[0, 0]].reset_index(drop=True)
    for order in (["a", "b"], ["b", "a"]):
        found = labelled(table.assign(series=order)).set_index("series")["label"]
        assert found["a"] == "32 x 32 x 64, kernel 3"
        assert found["b"] == "32 x 32 x 64, kernel 3 #2"
