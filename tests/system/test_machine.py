from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from gridpress.system.gpus import Gpu
from gridpress.system.machine import Machine, describe, fingerprint


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


def test_the_description_compares_with_the_constraints_of_this_study(monkeypatch):
    monkeypatch.setattr("gridpress.system.machine.installed", {"torch": "0.1"}.get)
    found = describe().differs_from_constraints
    assert set(found) == {"torch", "torchvision", "scikit-learn", "numpy"}
    assert found["torch"].startswith("0.1 instead of ")
    assert found["numpy"].startswith("absent instead of ")


def test_without_constraints_nothing_is_compared(monkeypatch, tmp_path):
    monkeypatch.setattr("gridpress.system.machine.CONSTRAINTS", tmp_path / "nowhere.txt")
    assert describe().differs_from_constraints is None


def test_says_nothing_about_host_user_or_folders(monkeypatch):
    monkeypatch.setenv("LD_PRELOAD", "/home/someone/lib/libtcmalloc.so.4:/opt/libother.so")
    machine = describe()
    assert machine.preloaded == ["libtcmalloc.so.4", "libother.so"]
    text = machine.model_dump_json()
    assert socket.gethostname() not in text
    assert str(Path.home()) not in text
    assert "someone" not in text


def test_needs_no_torch():
    imports = "import sys; from gridpress.system.machine import describe"
    code = f"{imports}; describe(); sys.exit('torch' in sys.modules)"
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
