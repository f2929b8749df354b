"""What a machine is, as far as it decides how fast and with which last bits it computes.

No host name, user name or path is ever part of it.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil
from pydantic import BaseModel, ConfigDict, Field

from gridpress.system.resources import total_memory, usable_cores

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
QUERY_TIMEOUT = 10  # seconds that nvidia-smi or sysctl may take
CONSTRAINTS = Path(__file__).resolve().parents[3] / "constraints.txt"


class Gpu(BaseModel):
    """A graphics processor."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str
    memory_bytes: int | None = Field(description="None where it shares the machine's memory")
    driver: str | None = Field(description="version; None where it is part of the operating system")


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
    processor, family, flags = _processor()
    logical = psutil.cpu_count() or 1
    versions = dict(_versions())
    return Machine(
        processor=processor,
        processor_family=family,
        vector_extensions=[name for name in EXTENSIONS if name in flags],
        physical_cores=psutil.cpu_count(logical=False) or logical,
        logical_cores=logical,
        usable_cores=usable_cores(),
        memory_bytes=total_memory(),
        gpus=list(_gpus(processor)),
        operating_system=_operating_system(),
        kernel=f"{platform.system()} {platform.release().partition('-')[0]}",
        versions={"python": platform.python_version(), **versions},
        differs_from_constraints=compare(versions, CONSTRAINTS),
        environment={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
        preloaded=[
            Path(entry).name for entry in re.split(r"[ :]+", os.environ.get("LD_PRELOAD", "")) if entry
        ],
        load_average=[round(load, 2) for load in os.getloadavg()] if hasattr(os, "getloadavg") else None,
    )


def compare(versions: Mapping[str, str], constraints: Path) -> dict[str, str] | None:
    """The libraries whose version is another than pinned, each as `2.15.0 instead of 2.14.1`.

    Args:
        versions: by library; a local part such as `+cpu` tells how one was built and is not compared.
        constraints: a file of lines such as `torch==2.14.1`, as pip reads it.

    Returns:
        None where there are no constraints, as on a cluster that has only the installed package.
    """
    try:
        lines = constraints.read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    pinned = {name: pin for name, equals, pin in (line.partition("==") for line in lines) if equals}
    return {
        name: f"{found} instead of {pinned[name]}"
        for name, found in versions.items()
        if name in pinned and found.partition("+")[0] != pinned[name]
    }


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


def _processor() -> tuple[str, str | None, frozenset[str]]:
    """Name, family and feature flags of the first processor."""
    try:
        return read_cpuinfo(Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace"))
    except OSError:
        name = (
            _answer("sysctl", "-n", "machdep.cpu.brand_string") or platform.processor() or platform.machine()
        )
        return name, None, frozenset({"asimd"} if platform.machine() == "arm64" else ())


def read_cpuinfo(text: str) -> tuple[str, str | None, frozenset[str]]:
    """Model name, family and feature flags from the text of Linux's /proc/cpuinfo (x86 or ARM)."""
    first = text.strip().split("\n\n")[0]
    facts = {
        key.strip(): value.strip() for key, _, value in (line.partition(":") for line in first.splitlines())
    }
    flags = frozenset((facts.get("flags") or facts.get("Features") or "").split())
    if "model name" in facts:
        family = f"family {facts['cpu family']}, model {facts['model']}" if "cpu family" in facts else None
        return facts["model name"], family, flags
    family = (
        f"implementer {facts['CPU implementer']}, part {facts['CPU part']}" if "CPU part" in facts else None
    )
    return platform.machine(), family, flags


@cache
def _gpus(processor: str) -> tuple[Gpu, ...]:
    if platform.system() == "Darwin" and platform.machine() == "arm64":
        return (Gpu(model=processor, memory_bytes=None, driver=None),)
    if not shutil.which("nvidia-smi"):
        return ()
    query = "--query-gpu=name,memory.total,driver_version"
    return tuple(read_nvidia_smi(_answer("nvidia-smi", query, "--format=csv,noheader,nounits")))


def read_nvidia_smi(text: str) -> Iterator[Gpu]:
    """GPUs from lines of name, memory in MiB and driver version; lines that say anything else are none."""
    for line in text.splitlines():
        name, *rest = (part.strip() for part in line.split(","))
        if len(rest) == 2:
            memory, driver = rest
            yield Gpu(model=name, memory_bytes=int(memory) << 20 if memory.isdigit() else None, driver=driver)


def _answer(*command: str) -> str:
    """What a program prints, or nothing where it is missing or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=QUERY_TIMEOUT, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def _operating_system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        release = platform.mac_ver()[0]
        return f"macOS {release}" if release else f"{platform.system()} {platform.version()}"


def _versions() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            yield package, "absent"
