from __future__ import annotations

import sys
from types import SimpleNamespace

import pynvml
import pytest

from gridpress.system.gpus import Gpu, gpus


@pytest.fixture(autouse=True)
def anew():
    """GPUs are asked for once per process."""
    gpus.cache_clear()
    yield
    gpus.cache_clear()


@pytest.fixture
def nvml(monkeypatch):
    """A driver of two GPUs, of which the second shares the machine's memory."""

    def memory(device):
        if device == 1:
            raise pynvml.NVMLError_NotSupported
        return SimpleNamespace(total=(24576 << 20) + 4096)

    fake = SimpleNamespace(
        NVMLError=pynvml.NVMLError,
        NVMLError_NotSupported=pynvml.NVMLError_NotSupported,
        nvmlInit=lambda: None,
        nvmlShutdown=lambda: None,
        nvmlSystemGetDriverVersion=lambda: "535.104.05",
        nvmlDeviceGetCount=lambda: 2,
        nvmlDeviceGetHandleByIndex=lambda number: number,
        nvmlDeviceGetName=["NVIDIA A30", "NVIDIA Grace"].__getitem__,
        nvmlDeviceGetMemoryInfo=memory,
    )
    monkeypatch.setitem(sys.modules, "pynvml", fake)
    monkeypatch.setattr("platform.system", lambda: "Linux")
    return fake


@pytest.mark.usefixtures("nvml")
def test_gpus_are_described_by_their_driver_with_memory_in_whole_mib_where_it_is_their_own():
    assert gpus("any") == (
        Gpu(model="NVIDIA A30", memory_bytes=24576 << 20, driver="535.104.05"),
        Gpu(model="NVIDIA Grace", memory_bytes=None, driver="535.104.05"),
    )


@pytest.mark.parametrize("call", ["nvmlInit", "nvmlSystemGetDriverVersion", "nvmlDeviceGetHandleByIndex"])
def test_a_driver_that_is_missing_or_does_not_answer_is_no_gpu(nvml, call):
    def fail(*_):
        raise pynvml.NVMLError(pynvml.NVML_ERROR_DRIVER_NOT_LOADED)

    setattr(nvml, call, fail)
    assert gpus("any") == ()


def test_the_gpu_of_an_apple_chip_is_named_as_its_processor(monkeypatch):
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    monkeypatch.setattr("platform.machine", lambda: "arm64")
    assert gpus("Apple M3") == (Gpu(model="Apple M3", memory_bytes=None, driver=None),)
