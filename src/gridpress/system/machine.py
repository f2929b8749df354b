"""What a machine is, as far as it decides how fast and with which last bits it computes.

No host name, user name or path is ever part of it.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
from pathlib import Path

import psutil
from pydantic import BaseModel, ConfigDict, Field

from gridpress.system.gpus import Gpu, gpus
from gridpress.system.pins import installed, other_versions, read_pins
from gridpress.system.processor import processor
from gridpress.system.resources import load_average, total_memory, usable_cores

PACKAGES = ("torch", "torchvision", "scikit-learn", "numpy")
EXTENSIONS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16", "asimd", "bf16", "sve")
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
BITS = (  # which instructions, algorithms or number formats libraries choose: other last bits
    "ATEN_CPU_CAPABILITY",
    "DNNL_DEFAULT_FPMATH_MODE",
    "DNNL_MAX_CPU_ISA",
    "MKL_CBWR",
    "MKL_DEBUG_CPU_TYPE",
    "MKL_ENABLE_INSTRUCTIONS",
    "NPY_DISABLE_CPU_FEATURES",
    "NVIDIA_TF32_OVERRIDE",
    "ONEDNN_DEFAULT_FPMATH_MODE",
    "ONEDNN_MAX_CPU_ISA",
    "OPENBLAS_CORETYPE",
    "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE",
)
ENVIRONMENT = (*THREADS, *BITS)
CONSTRAINTS = Path(__file__).resolve().parents[3] / "constraints.txt"


class Machine(BaseModel):
    """Hardware, operating system and libraries, and the load at the time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    processor: str = Field(description="model name")
    processor_family: str | None = Field(
        description="family and model numbers: virtual machines shorten the name"
    )
    vector_extensions: list[str] = Field(description="those that matter to matrix products")
    physical_cores: int
    logical_cores: int
    usable_cores: int = Field(description="logical cores that affinity and container limits leave")
    memory_bytes: int
    gpus: list[Gpu]
    operating_system: str
    kernel: str
    versions: dict[str, str] = Field(description="of Python and of the libraries that compute")
    differs_from_constraints: dict[str, str] | None = Field(
        default=None,
        description="libraries of other versions than constraints.txt pins; None where that was not compared",
    )
    environment: dict[str, str] = Field(
        description="variables set that limit threads, or decide the last bits of a computation"
    )
    preloaded: list[str] = Field(description="libraries named by LD_PRELOAD, such as another allocator")
    load_average: list[float] | None = Field(description="over 1, 5 and 15 minutes; None where unknown")

    @property
    def processor_name(self) -> str:
        """Its name, and its family where that is known: `AMD EPYC (family 25, model 17)`."""
        return f"{self.processor} ({self.processor_family})" if self.processor_family else self.processor

    @property
    def kind(self) -> str:
        """What decides how fast it computes, in words: processor, GPUs, another allocator."""
        return ", ".join([self.processor_name, *(gpu.model for gpu in self.gpus), *sorted(self.preloaded)])


def describe() -> Machine:
    """This machine, now. Takes milliseconds; where there is an NVIDIA driver, its first call asks it once."""
    name, family, features = processor()
    logical = psutil.cpu_count() or 1
    versions = {package: installed(package) or "absent" for package in PACKAGES}
    pins = read_pins(CONSTRAINTS)
    return Machine(
        processor=name,
        processor_family=family,
        vector_extensions=[extension for extension in EXTENSIONS if extension in features],
        physical_cores=psutil.cpu_count(logical=False) or logical,
        logical_cores=logical,
        usable_cores=usable_cores(),
        memory_bytes=total_memory(),
        gpus=list(gpus(name)),
        operating_system=_operating_system(),
        kernel=f"{platform.system()} {platform.release().partition('-')[0]}",
        versions={"python": platform.python_version(), **versions},
        differs_from_constraints=None if pins is None else other_versions(versions, pins),
        environment={variable: os.environ[variable] for variable in ENVIRONMENT if variable in os.environ},
        preloaded=[
            Path(entry).name for entry in re.split(r"[ :]+", os.environ.get("LD_PRELOAD", "")) if entry
        ],
        load_average=load_average(),
    )


def fingerprint(machine: Machine) -> str:
    """Twelve hexadecimal digits over processor, cores and GPUs.

    The same after a reboot and with other library versions; another machine of the very same model
    has the same one.
    """
    identity = [
        machine.processor,
        machine.processor_family,
        machine.physical_cores,
        machine.logical_cores,
        machine.usable_cores,
        *(gpu.model for gpu in machine.gpus),
    ]
    return hashlib.sha256(repr(identity).encode()).hexdigest()[:12]


def _operating_system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        release = platform.mac_ver()[0]
        return f"macOS {release}" if release else f"{platform.system()} {platform.version()}"
