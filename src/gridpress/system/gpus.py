"""Graphics processors: those of NVIDIA through NVML, and that of Apple's chips."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Gpu(BaseModel):
    """A graphics processor."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str
    memory_bytes: int | None = Field(description="None where it shares the machine's memory")
    driver: str | None = Field(description="version; None where it is part of the operating system")


@cache
def gpus(processor: str) -> tuple[Gpu, ...]:
    """All of this machine, whatever CUDA_VISIBLE_DEVICES hides; none where a driver does not answer.

    Args:
        processor: name of the processor, of which Apple's GPU is a part.
    """
    if platform.system() == "Darwin" and platform.machine() == "arm64":
        return (Gpu(model=processor, memory_bytes=None, driver=None),)
    import pynvml  # noqa: PLC0415  # 30 ms, which whoever only reads a record need not wait

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return ()
    try:
        return tuple(_of_nvidia(pynvml))
    except pynvml.NVMLError:
        return ()
    finally:
        pynvml.nvmlShutdown()


def _of_nvidia(nvml: Any) -> Iterator[Gpu]:
    driver = nvml.nvmlSystemGetDriverVersion()
    for number in range(nvml.nvmlDeviceGetCount()):
        device = nvml.nvmlDeviceGetHandleByIndex(number)
        try:
            memory = nvml.nvmlDeviceGetMemoryInfo(device).total >> 20 << 20  # whole MiB, as nvidia-smi says
        except nvml.NVMLError_NotSupported:
            memory = None
        yield Gpu(model=nvml.nvmlDeviceGetName(device), memory_bytes=memory, driver=driver)
