"""The processor: its model, its family, what its instructions can do."""

from __future__ import annotations

import platform
import subprocess
from pathlib import Path
from typing import NamedTuple

CPUINFO = Path("/proc/cpuinfo")
PATIENCE = 10  # seconds that sysctl may take


class Processor(NamedTuple):
    """Model name, family and model numbers where they are known, and names of its features."""

    name: str
    family: str | None
    features: frozenset[str]


def processor() -> Processor:
    """The first one of this machine."""
    # py-cpuinfo starts processes for over a second, and knows no part number of an ARM processor
    try:
        return read_cpuinfo(CPUINFO.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        name = _brand_of_macos() or platform.processor() or platform.machine()
        return Processor(name, None, frozenset({"asimd"} if platform.machine() == "arm64" else ()))


def read_cpuinfo(text: str) -> Processor:
    """The first processor in the text of Linux's /proc/cpuinfo (x86 or ARM)."""
    first = text.strip().split("\n\n")[0]
    facts = {
        key.strip(): value.strip() for key, _, value in (line.partition(":") for line in first.splitlines())
    }
    features = frozenset((facts.get("flags") or facts.get("Features") or "").split())
    family = None
    if "model name" in facts:
        if "cpu family" in facts:
            family = f"family {facts['cpu family']}, model {facts['model']}"
        return Processor(facts["model name"], family, features)
    if "CPU part" in facts:
        family = f"implementer {facts['CPU implementer']}, part {facts['CPU part']}"
    return Processor(platform.machine(), family, features)


def _brand_of_macos() -> str:
    command = ["sysctl", "-n", "machdep.cpu.brand_string"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
