"""Cores and memory that this process may use: what the machine has, or less where a container limits it.

On Linux the limits are those of the process's control group and of every group above it, in version 1 and 2
of their interface, https://docs.kernel.org/admin-guide/cgroup-v2.html and …/cgroup-v1/. Libraries read the
topmost group alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import psutil

ROOT = Path("/")
VERSION_2 = "cgroup2"


@dataclass(frozen=True)
class Group:
    """A control group that this process is in, or one above: its folder, and the version of its interface."""

    folder: Path
    version: int

    def numbers(self, name: str) -> list[int]:
        """The numbers in a file of the group; none where it says that there is no limit, or isn't there."""
        try:
            return [int(word) for word in (self.folder / name).read_text(encoding="ascii").split()]
        except (OSError, ValueError):
            return []

    def cores(self) -> float | None:
        """What the group may use of processors, in cores."""
        if self.version == 2:
            numbers = self.numbers("cpu.max")
        else:
            numbers = self.numbers("cpu.cfs_quota_us") + self.numbers("cpu.cfs_period_us")
        if len(numbers) != 2 or min(numbers) <= 0:
            return None
        quota, period = numbers
        return quota / period

    def memory(self) -> int | None:
        """Bytes that the group may hold."""
        names = ("memory.max", "memory.high") if self.version == 2 else ("memory.limit_in_bytes",)
        return min((number for name in names for number in self.numbers(name)), default=None)

    def held(self) -> int:
        """Bytes that it holds, without the cached files that the kernel drops first."""
        name, cached = (
            ("memory.current", "inactive_file")
            if self.version == 2
            else ("memory.usage_in_bytes", "total_inactive_file")
        )
        used = sum(self.numbers(name))
        try:
            lines = (self.folder / "memory.stat").read_text(encoding="ascii").splitlines()
        except OSError:
            return used
        dropped = sum(int(line.split()[1]) for line in lines if line.startswith(f"{cached} "))
        return max(0, used - dropped)


def usable_cores(root: Path = ROOT) -> int:
    """Logical cores that affinity and limits leave; at least one."""
    logical = psutil.cpu_count() or 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else logical
    limits = [limit for group in groups("cpu", root) if (limit := group.cores()) is not None]
    return max(1, min([cores, *(round(limit) for limit in limits)]))


def total_memory(root: Path = ROOT) -> int:
    """Bytes of memory that the process can ever have."""
    limits = [limit for group in groups("memory", root) if (limit := group.memory()) is not None]
    return min([int(psutil.virtual_memory().total), *limits])


def available_memory(root: Path = ROOT) -> int:
    """Bytes of memory that are free for it now."""
    left = [limit - group.held() for group in groups("memory", root) if (limit := group.memory()) is not None]
    return max(0, min([int(psutil.virtual_memory().available), *left]))


def load_average() -> list[float] | None:
    """Over 1, 5 and 15 minutes; None where the system keeps none."""
    return [round(load, 2) for load in os.getloadavg()] if hasattr(os, "getloadavg") else None


def groups(controller: str, root: Path = ROOT) -> Iterator[Group]:
    """The control groups that decide for this process, its own first.

    Args:
        controller: `cpu` or `memory`.
        root: where `proc` and the folders that it names lie.
    """
    mine = dict(_own(root))
    for kind, controllers, inside, mounted in _mounts(root):
        version = 2 if kind == VERSION_2 else 1
        path = mine.get("" if version == 2 else controller)
        if path is None or (version == 1 and controller not in controllers):
            continue
        top = root / mounted.lstrip("/")
        try:
            below = PurePosixPath(path).relative_to(inside)
        except ValueError:  # seen from a container that mounts its own group only
            below = PurePosixPath()
        for part in (below, *below.parents):
            if (top / part).is_dir():
                yield Group(top / part, version)


def _own(root: Path) -> Iterator[tuple[str, str]]:
    """The path of the process's group by controller; "" stands for version 2."""
    for line in _lines(root / "proc/self/cgroup"):
        _number, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            yield controller, path


def _mounts(root: Path) -> Iterator[tuple[str, set[str], str, str]]:
    """Each mounted hierarchy: its file system, its controllers, the group at its top, where it is mounted."""
    for line in _lines(root / "proc/self/mountinfo"):
        before, _, after = line.partition(" - ")
        kind, _source, options = after.split(" ", 2)
        if kind in {"cgroup", VERSION_2}:
            inside, mounted = before.split()[3:5]
            yield kind, set(options.split(",")), inside, mounted


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # no Linux
        return []
