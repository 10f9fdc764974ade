import pytest

from bench.cluster import kinds
from bench.cluster.errors import ClusterUsageError
from bench.cluster.places import Place
from reports.text import identity

VERSIONS = {"Python": "3.11.7", "TensorFlow": "2.21.0", "Keras": "3.15.1", "Ray": "2.50.0"}


def place(name="a", versions=VERSIONS, **hardware):
    info = {"cpu": {"brand_raw": "Xeon(R)"}, "cores": 8, "memory_bytes": 2**35, "accelerators": []}
    about = {"hardware": identity.hardware({**info, **hardware}), "software": {**versions}}
    return Place(name, name, about)


def test_a_gpu_is_part_of_the_name():
    assert kinds.kind(place(accelerators=["NVIDIA H100"])).endswith("32 GiB, NVIDIA H100")


def test_nodes_of_one_kind_may_share_a_file():
    kinds.check_one_kind([place("a"), place("b")], "nothing")


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (
            place("b", cores=16),
            r"\(a\) and Xeon\(R\), 16 cores.* \(b\), which differ in cores: 8 and 16",
        ),
        (place("b", memory_bytes=2**36), "differ in memory: 32 GiB and 64 GiB"),
        (place("b", accelerators=["H100"]), "differ in accelerators: none and H100"),
        (place("b", versions={**VERSIONS, "NumPy": "3"}), "differ in NumPy: None and 3"),
    ],
)
def test_kinds_are_not_mixed(other, words):
    with pytest.raises(ClusterUsageError, match=words):
        kinds.check_one_kind([place("a"), other], "a way out")


def test_only_some_nodes_are_chosen():
    both = [place("a"), place("b", accelerators=["NVIDIA H100"])]
    assert kinds.fitting(both, VERSIONS, "h100") == both[1:]
    with pytest.raises(ClusterUsageError, match=r"no fitting node: .*--only 'h200'.*32 GiB"):
        kinds.fitting(both, VERSIONS, "h200")
    with pytest.raises(ClusterUsageError, match="Received: no node"):
        kinds.fitting([], VERSIONS, None)
    with pytest.raises(ClusterUsageError, match="Received: c: no answer"):
        kinds.fitting([], VERSIONS, None, {"c": "no answer"})


def test_a_file_is_named_after_hardware_and_software_whatever_others_there_are():
    first, same, other = (
        kinds.file_name(each)
        for each in (place("a"), place("b"), place("c", versions={**VERSIONS, "Keras": "4"}))
    )
    assert first == same != other
    assert first.startswith("xeon-r-8-cores-32-gib-")
    assert first.rpartition("-")[0] == other.rpartition("-")[0]


def test_machines_are_compared_without_what_is_not_known_of_them():
    assert kinds.comparable({"cores": 2}) == {"cores": 2}


@pytest.mark.parametrize("name", VERSIONS)
def test_other_versions_than_the_drivers_are_refused_by_name(name):
    other = place(versions={**VERSIONS, name: "1.0"})
    with pytest.raises(ClusterUsageError, match=f"expected {name} {VERSIONS[name]}.* 1.0 on a"):
        kinds.fitting([other], VERSIONS, None)
    missing = place(versions={**VERSIONS, name: None})
    with pytest.raises(ClusterUsageError, match="Received: none on a"):
        kinds.fitting([missing], VERSIONS, None)
