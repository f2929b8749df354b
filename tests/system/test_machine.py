from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from gridpress.system.machine import (
    Gpu,
    Machine,
    compare,
    describe,
    fingerprint,
    read_cpuinfo,
    read_nvidia_smi,
)

X86 = """processor\t: 0
vendor_id\t: GenuineIntel
cpu family\t: 6
model\t\t: 106
model name\t: Intel(R) Xeon(R) Gold 6326 CPU @ 2.90GHz
flags\t\t: fpu sse2 avx2 avx512f

processor\t: 1
model name\t: another
"""
ARM = """processor\t: 0
Features\t: fp asimd bf16 sve
CPU implementer\t: 0x41
CPU part\t: 0xd40
"""


def changed(machine: Machine, **values) -> Machine:
    return machine.model_copy(update=values)


def test_describes_this_machine():
    machine = describe()
    assert machine.logical_cores == os.cpu_count()
    assert 1 <= machine.usable_cores <= machine.logical_cores
    assert machine.memory_bytes > 1 << 28
    assert machine.versions["python"] == ".".join(map(str, sys.version_info[:3]))
    assert set(machine.versions) == {"python", "torch", "torchvision", "scikit-learn", "numpy"}
    assert Machine.model_validate_json(machine.model_dump_json()) == machine


def test_libraries_of_other_versions_than_pinned_are_named(tmp_path):
    constraints = tmp_path / "constraints.txt"
    constraints.write_text("# pinned: torch==0.1\nnumpy==2.4.6\ntorch==2.14.1\ntorchvision==0.29.1\n")
    versions = {"torch": "2.15.0+cpu", "torchvision": "0.29.1+cu130", "numpy": "absent", "other": "1"}
    assert compare(versions, constraints) == {
        "torch": "2.15.0+cpu instead of 2.14.1",
        "numpy": "absent instead of 2.4.6",
    }
    assert compare({"torch": "2.14.1"}, constraints) == {}
    assert compare(versions, tmp_path / "nowhere.txt") is None


def test_the_description_compares_with_the_constraints_of_this_study(monkeypatch):
    monkeypatch.setattr("gridpress.system.machine.version", lambda package: f"0 of {package}")
    found = describe().differs_from_constraints
    assert set(found) == {"torch", "torchvision", "scikit-learn", "numpy"}
    assert found["torch"].startswith("0 of torch instead of ")


def test_says_nothing_about_host_user_or_folders(monkeypatch):
    monkeypatch.setenv("LD_PRELOAD", "/home/someone/lib/libtcmalloc.so.4:/opt/libother.so")
    machine = describe()
    assert machine.preloaded == ["libtcmalloc.so.4", "libother.so"]
    text = machine.model_dump_json()
    assert socket.gethostname() not in text
    assert str(Path.home()) not in text
    assert "someone" not in text


def test_needs_no_torch():
    code = "import sys; from gridpress.system.machine import describe; describe(); sys.exit('torch' in sys.modules)"
    path = os.pathsep.join(filter(None, sys.path))
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path}, check=False)
    assert done.returncode == 0


def test_unknown_field_is_refused():
    content = describe().model_dump()
    with pytest.raises(ValidationError):
        Machine.model_validate({**content, "hostname": "x"})


def test_another_allocator_is_another_kind_and_another_load_is_not():
    here = describe()
    assert here.model_copy(update={"preloaded": ["libtcmalloc_minimal.so.4"]}).kind != here.kind
    assert here.model_copy(update={"load_average": [9.0, 9.0, 9.0]}).kind == here.kind


def test_fingerprint_survives_what_changes_on_one_machine():
    machine = describe()
    later = changed(
        machine,
        load_average=[9.0, 9.0, 9.0],
        kernel="Linux 99.9",
        operating_system="Other",
        versions={},
        memory_bytes=machine.memory_bytes - 4096,
        environment={"OMP_NUM_THREADS": "1"},
    )
    assert fingerprint(later) == fingerprint(machine)
    assert len(fingerprint(machine)) == 12


@pytest.mark.parametrize(
    "difference",
    [
        {"processor": "another"},
        {"processor_family": "family 0, model 0"},
        {"physical_cores": 999},
        {"logical_cores": 999},
        {"usable_cores": 999},
        {"gpus": [Gpu(model="another", memory_bytes=None, driver=None)]},
    ],
)
def test_fingerprint_tells_machines_apart(difference):
    machine = describe()
    assert fingerprint(changed(machine, **difference)) != fingerprint(machine)


def test_driver_is_no_part_of_the_fingerprint():
    old, new = (Gpu(model="NVIDIA A30", memory_bytes=1, driver=driver) for driver in ("535.1", "550.2"))
    machine = describe()
    assert fingerprint(changed(machine, gpus=[old])) == fingerprint(changed(machine, gpus=[new]))


def test_reads_cpuinfo_of_the_first_processor():
    name, family, flags = read_cpuinfo(X86)
    assert (name, family) == ("Intel(R) Xeon(R) Gold 6326 CPU @ 2.90GHz", "family 6, model 106")
    assert "avx512f" in flags


def test_reads_cpuinfo_of_arm():
    _, family, flags = read_cpuinfo(ARM)
    assert family == "implementer 0x41, part 0xd40"
    assert {"asimd", "bf16", "sve"} <= flags


def test_reads_nvidia_smi():
    text = "NVIDIA A30, 24576, 535.104.05\nGrace, [N/A], 550.54\n"
    assert list(read_nvidia_smi(text)) == [
        Gpu(model="NVIDIA A30", memory_bytes=24576 << 20, driver="535.104.05"),
        Gpu(model="Grace", memory_bytes=None, driver="550.54"),
    ]


def test_a_driver_that_does_not_answer_is_no_gpu():
    assert list(read_nvidia_smi("NVIDIA-SMI has failed because it couldn't talk to the driver")) == []
    assert list(read_nvidia_smi("")) == []
