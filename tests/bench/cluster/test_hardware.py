"""What a node says of itself, against what results that are measured there say."""

from bench.cluster import hardware, kinds
from bench.cluster.places import Place
from bench.session.machine import machine_info
from reports.text import identity


def test_a_node_without_a_gpu_is_named_as_the_machine_in_its_results_is():
    info = {**machine_info(), "accelerators": []}
    about = hardware.describe(0)
    assert about["hardware"] == identity.hardware(info)
    place = Place("a", "a", about)
    assert kinds.kind(place) == identity.machine_in_words(info)
    assert kinds.file_name(place).rpartition("-")[0] == identity.folder_name(info)
