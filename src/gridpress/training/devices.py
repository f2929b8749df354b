"""The device that a run computes on, and what makes its results the same every time."""

from __future__ import annotations

import os

import torch

from gridpress.errors import InputError

AUTOCAST = {"bf16": torch.bfloat16, "fp16": torch.float16}


def find_device(wanted: str) -> torch.device:
    """The device to train on; `auto` is CUDA, else MPS, else the CPU.

    Raises:
        InputError: the device that params.yaml names is not there.
    """
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if wanted == "auto":
        return torch.device(next(name for name, found in there.items() if found))
    if not there[wanted]:
        found = ", ".join(name for name, available in there.items() if available)
        raise InputError(f"train.device is {wanted}, which this machine lacks; it has {found}. Or use auto.")
    return torch.device(wanted)


def autocast(device: torch.device, precision: str) -> torch.autocast:
    """Mixed precision where `precision` (fp32, bf16, fp16) asks for it; fp32 as it is."""
    dtype = AUTOCAST.get(precision)
    return torch.autocast(device.type, dtype=dtype, enabled=dtype is not None)


def be_deterministic(threads: int) -> None:
    """Make this process compute the same bits every time; they depend on the number of threads."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS documentation, reproducibility
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(mode=True)
    # filling takes time, and all that is read here was written
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    torch.backends.cudnn.benchmark = False
