from __future__ import annotations

import platform

import pytest
import torch

from gridpress.benchmark import device

CPU, CUDA, MPS = (torch.device(name) for name in ("cpu", "cuda", "mps"))


@pytest.fixture
def accelerator(monkeypatch):
    """A machine whose accelerator is of a kind, with the calls that reach it."""
    calls = []

    def make(there: torch.device) -> list[tuple]:
        monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda **_: there)
        monkeypatch.setattr(
            torch.accelerator, "max_memory_allocated", lambda asked: calls.append(("peak", asked)) or 12345
        )
        for name in ("cuda", "mps"):
            monkeypatch.setattr(
                getattr(torch, name), "synchronize", lambda name=name: calls.append(("wait", name))
            )
        monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "Example GPU")
        return calls

    return make


@pytest.mark.parametrize("there", [CUDA, MPS], ids=str)
def test_an_accelerator_is_asked_through_the_neutral_interface(accelerator, there):
    calls = accelerator(there)
    assert device.is_there(there.type) is None
    assert device.peak_memory(there) == 12345
    device.synchronize(there)
    assert calls == [("peak", there), ("wait", there.type)]


@pytest.mark.parametrize("there", [CUDA, MPS], ids=str)
def test_of_two_kinds_of_accelerator_one_is_there(accelerator, there):
    accelerator(there)
    other = "mps" if there == CUDA else "cuda"
    assert device.is_there(other)


def test_the_cpu_is_waited_for_like_any_other_and_asked_nothing(accelerator):
    calls = accelerator(CUDA)
    device.synchronize(CPU)
    assert device.peak_memory(CPU) is None
    assert device.device_name(CPU) is None
    assert calls == []


def test_a_gpu_gives_its_name_where_it_has_one(accelerator):
    accelerator(CUDA)
    assert device.device_name(CUDA) == "Example GPU"
    assert device.device_name(MPS) is None


@pytest.mark.parametrize("name", ["cuda", "mps"])
def test_pytorch_has_on_every_device_what_is_called_here(name):
    module = torch.get_device_module(torch.device(name))
    assert isinstance(module, type(platform))
    assert callable(module.synchronize)


@pytest.mark.parametrize("name", ["cpu", "cuda", "mps"])
def test_a_target_computes_on_its_device(target, name):
    assert device.device_of(target(device=name)) == torch.device(name)


def test_threads_change_both_ways_in_one_process():
    before = torch.get_num_threads()
    try:
        for threads in (1, 2, 1):
            device.use_threads(threads)
            assert torch.get_num_threads() == threads
    finally:
        device.use_threads(before)
