from __future__ import annotations

import pytest
import torch

from gridpress.benchmark import targets
from gridpress.benchmark.targets import probe
from gridpress.system.machine import describe

MACHINE = describe()


@pytest.fixture
def no_accelerator(monkeypatch):
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda **_: None)


@pytest.mark.parametrize("layout", ["contiguous", "channels_last"])
@pytest.mark.parametrize("precision", ["fp32", "bf16", "fp16"])
def test_the_cpu_is_there(target, precision, layout):
    found = probe(target(precision=precision, memory_format=layout), MACHINE)
    assert found.available
    assert found.threads == 1
    assert found.flops_per_second > 1e7


def test_all_threads_are_the_physical_cores_that_may_be_used(target):
    machine = MACHINE.model_copy(update={"physical_cores": 1, "logical_cores": 2, "usable_cores": 2})
    assert probe(target(threads="all"), machine).threads == 1


def test_more_threads_than_cores_are_absent(target):
    machine = MACHINE.model_copy(update={"usable_cores": 2})
    found = probe(target(threads=3), machine)
    assert not found.available
    assert found.reason == "3 threads asked for, 2 cores usable"


@pytest.mark.usefixtures("no_accelerator")
@pytest.mark.parametrize(("name", "reason"), [("cuda", "CUDA"), ("mps", "no Apple GPU")])
def test_a_device_that_is_missing_is_absent_with_the_reason(target, name, reason):
    found = probe(target(device=name, precision="fp16"), MACHINE)
    assert not found.available
    assert reason in found.reason


def test_a_precision_that_fails_is_absent_with_the_reason(target, monkeypatch):
    def refuse(*_, **__):
        raise RuntimeError("bf16 is not supported on this device\nlong trace")

    monkeypatch.setattr(targets.functional, "conv2d", refuse)
    found = probe(target(precision="bf16"), MACHINE)
    assert found.reason == "bf16 contiguous does not work here: bf16 is not supported on this device"
