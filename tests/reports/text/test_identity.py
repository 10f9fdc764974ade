"""Kinds of machines: the same name for equal hardware alone, fit for a folder."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.text import machine
from reports.text.identity import folder_name, hardware, machine_in_words, software_in_words

MACHINE = {
    "node": "lab-1",
    "machine": "x86_64",
    "cpu": {"brand_raw": "AMD EPYC 9654", "count": 2},
    "cores": 2,
    "usable_cores": 2,
    "memory_bytes": 24 * 2**30,
    "accelerators": ["NVIDIA H100"],
    "tensorflow": "2.21.0",
    "onednn": False,
    "flags": {},
}


def test_a_machine_is_named_by_what_it_has():
    assert machine_in_words(MACHINE) == "AMD EPYC 9654, 2 cores, 24 GiB, NVIDIA H100"
    assert folder_name(MACHINE).startswith("amd-epyc-9654-2-cores-24-gib-nvidia-h100-")
    assert machine_in_words({}) == "not stated"
    assert software_in_words(MACHINE) == "tensorflow 2.21.0, onednn no"


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        (["avx", "avx2", "avx512f", "sse"], "AMD EPYC 9654 with AVX-512, 2 cores"),
        (["avx2", "avx"], "AMD EPYC 9654 with AVX2, 2 cores"),
        (["asimd", "fp"], "AMD EPYC 9654 with NEON, 2 cores"),
        (["asimd", "sve"], "AMD EPYC 9654 with SVE, 2 cores"),
        (["sse"], "AMD EPYC 9654, 2 cores"),
        ("avx2", "AMD EPYC 9654, 2 cores"),
        ([7, None], "AMD EPYC 9654, 2 cores"),
    ],
)
def test_a_processor_is_named_with_its_widest_vectors(flags, named):
    processor = {"cpu": {"brand_raw": "AMD EPYC 9654", "flags": flags}}
    assert machine_in_words(MACHINE | processor).startswith(named)
    assert machine.hardware(MACHINE | processor) == named


def test_cores_that_a_run_may_not_use_are_named():
    few = MACHINE | {"cores": 64, "usable_cores": 4}
    assert machine_in_words(few) == "AMD EPYC 9654, 64 cores, 4 of them usable, 24 GiB, NVIDIA H100"
    threads = MACHINE | {"cores": 4, "usable_cores": 8}
    assert "EPYC 9654, 4 cores, 8 usable threads, 24 GiB" in machine_in_words(threads)
    unknown = {name: value for name, value in MACHINE.items() if name != "usable_cores"}
    assert "usable" not in machine_in_words(unknown)


@pytest.mark.parametrize(
    "change",
    [{"node": "lab-2"}, {"memory_bytes": 24 * 2**30 - 40_000_000}, {"tensorflow": "3.0"}],
)
def test_machines_of_one_kind_have_one_name(change):
    assert hardware(MACHINE | change) == hardware(MACHINE)
    assert folder_name(MACHINE | change) == folder_name(MACHINE)


@pytest.mark.parametrize(
    "change",
    [
        {"cpu": {"brand_raw": "AMD-EPYC 9654"}},
        {"cores": 4},
        {"usable_cores": 1},
        {"memory_bytes": 32 * 2**30},
        {"accelerators": ["NVIDIA H100", "NVIDIA H100"]},
        {"machine": "aarch64"},
        {"cpu": {"brand_raw": "AMD EPYC 9654", "flags": ["avx2"]}},
    ],
)
def test_other_hardware_has_another_name(change):
    assert folder_name(MACHINE | change) != folder_name(MACHINE)


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5)


@given(processor=JSON, cores=JSON, memory=st.integers() | JSON, accelerators=JSON, flags=JSON)
def test_any_machine_has_a_name_that_a_folder_can_have(
    processor, cores, memory, accelerators, flags
):
    info = {
        "cpu": {"brand_raw": processor},
        "cores": cores,
        "memory_bytes": memory,
        "accelerators": accelerators,
        "flags": flags,
    }
    assert re.fullmatch(r"[a-z0-9-]{8,150}", folder_name(info))
    assert machine_in_words(info)
    assert isinstance(software_in_words(info), str)
