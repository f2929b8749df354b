"""The few things that differ between devices, behind torch's device-neutral API."""

from __future__ import annotations

import platform

import torch

from gridpress.config.hardware import Target
from gridpress.config.values import Precision
from gridpress.training.devices import AUTOCAST


def is_there(device: str) -> str | None:
    """None where the device can be used, else the reason why not."""
    if device == "cpu":
        return None
    found = torch.accelerator.current_accelerator(check_available=True)
    if found is not None and found.type == device:
        return None
    if device == "mps":
        return f"PyTorch finds no Apple GPU: this is {platform.system()} on {platform.machine()}"
    if not torch.backends.cuda.is_built():  # type: ignore[no-untyped-call]
        return "this build of PyTorch has no CUDA"
    return "no CUDA device: PyTorch finds no NVIDIA GPU or driver"


def device_of(target: Target) -> torch.device:
    """Where a target computes; whatever is put on a device comes through here."""
    return torch.device(target.device)


def synchronize(device: torch.device) -> None:
    """Wait until the device has done what it was given; nothing to wait for on a CPU."""
    torch.get_device_module(device).synchronize()


def use_threads(threads: int) -> None:
    """CPU threads of the operations to come; unlike at import, this may change at any time."""
    torch.set_num_threads(threads)


def dtype_of(precision: Precision) -> torch.dtype:
    """The type in which matrix products are computed."""
    return AUTOCAST.get(precision, torch.float32)


def device_name(device: torch.device) -> str | None:
    """What a device calls itself; None of a CPU, which the machine's description names, and of Apple's."""
    named = getattr(torch.get_device_module(device), "get_device_name", None)
    return str(named()) if named else None


def peak_memory(device: torch.device) -> int | None:
    """Largest memory that tensors have held on an accelerator so far, in bytes; None of a CPU."""
    return None if device.type == "cpu" else int(torch.accelerator.max_memory_allocated(device))
