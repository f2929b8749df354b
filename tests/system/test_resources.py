from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from gridpress.system import resources

GIB = 1 << 30


@pytest.fixture(autouse=True)
def _machine(monkeypatch):
    """Eight cores and 16 GiB, of which 12 are free."""
    memory = type("memory", (), {"total": 16 * GIB, "available": 12 * GIB})
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    monkeypatch.setattr(psutil, "cpu_count", lambda: 8)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)


@pytest.fixture
def system(tmp_path):
    """Writes the files of a made-up Linux."""

    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


V2 = {
    "proc/self/cgroup": "0::/user.slice/job.scope\n",
    "proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n",
    "sys/fs/cgroup/user.slice/job.scope/cpu.max": "max 100000\n",
}
V1 = {
    "proc/self/cgroup": "4:memory:/docker/ab\n3:cpu,cpuacct:/docker/ab\n1:name=systemd:/docker/ab\n0::/\n",
    "proc/self/mountinfo": (
        "31 24 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
        "32 24 0:28 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
        "33 24 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
    ),
    "sys/fs/cgroup/unified/cgroup.procs": "",
}


def test_without_limits_it_is_the_machine(system):
    root = system(V2)
    assert resources.usable_cores(root) == 8
    assert resources.total_memory(root) == 16 * GIB
    assert resources.available_memory(root) == 12 * GIB


def test_no_linux_is_the_machine_too(tmp_path):
    assert resources.usable_cores(tmp_path) == 8
    assert resources.available_memory(tmp_path) == 12 * GIB


def test_affinity_counts(system, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 5})
    assert resources.usable_cores(system(V2)) == 2


@pytest.mark.parametrize(
    ("group", "quota", "cores"),
    [
        ("user.slice/job.scope", "200000 100000", 2),
        ("user.slice", "300000 100000", 3),  # above the process's own
        ("user.slice/job.scope", "20000 100000", 1),
        ("user.slice/job.scope", "1600000 100000", 8),
    ],
)
def test_a_quota_of_version_2_counts_wherever_it_is_set(system, group, quota, cores):
    assert resources.usable_cores(system({**V2, f"sys/fs/cgroup/{group}/cpu.max": quota})) == cores


def test_memory_of_version_2_is_the_lowest_limit_without_what_is_held(system):
    root = system(
        {
            **V2,
            "sys/fs/cgroup/user.slice/memory.max": str(2 * GIB),
            "sys/fs/cgroup/user.slice/memory.high": "max",
            "sys/fs/cgroup/user.slice/memory.current": str(GIB),
            "sys/fs/cgroup/user.slice/memory.stat": f"anon 5\ninactive_file {GIB // 2}\nfile 7\n",
            "sys/fs/cgroup/user.slice/job.scope/memory.max": "max",
        }
    )
    assert resources.total_memory(root) == 2 * GIB
    assert resources.available_memory(root) == 2 * GIB - GIB // 2


def test_version_1_has_a_hierarchy_per_controller(system):
    root = system(
        {
            **V1,
            "sys/fs/cgroup/memory/docker/ab/memory.limit_in_bytes": str(3 * GIB),
            "sys/fs/cgroup/memory/docker/ab/memory.usage_in_bytes": str(GIB),
            "sys/fs/cgroup/memory/docker/ab/memory.stat": "total_inactive_file 0\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
            "sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_quota_us": "400000",
            "sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_period_us": "100000",
            "sys/fs/cgroup/cpu,cpuacct/docker/ab/cpu.cfs_quota_us": "-1",
            "sys/fs/cgroup/cpu,cpuacct/docker/ab/cpu.cfs_period_us": "100000",
        }
    )
    assert resources.total_memory(root) == 3 * GIB
    assert resources.available_memory(root) == 2 * GIB
    assert resources.usable_cores(root) == 4


def test_a_container_that_sees_its_own_group_only_reads_that(system):
    root = system(
        {
            **V2,
            "proc/self/cgroup": "0::/docker/ab\n",
            "proc/self/mountinfo": "30 23 0:26 /docker/ab /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
            "sys/fs/cgroup/cpu.max": "150000 100000",
            "sys/fs/cgroup/memory.max": str(GIB),
        }
    )
    assert resources.usable_cores(root) == 2
    assert resources.total_memory(root) == GIB


def test_a_group_that_is_not_where_it_is_said_to_be_limits_nothing(system):
    root = system({**V2, "proc/self/cgroup": "0::/../elsewhere\n"})
    assert resources.usable_cores(root) == 8


REAL = Path("/sys/fs/cgroup/memory")


@pytest.mark.extended
@pytest.mark.skipif(
    not os.access(REAL, os.W_OK) or not (REAL / "memory.limit_in_bytes").exists(),
    reason="the operating system lets nobody make a control group of version 1 here",
)
def test_a_process_in_a_real_group_of_two_gib_plans_one_svm_at_once():
    group = REAL / f"gridpress-{os.getpid()}"
    group.mkdir()
    try:
        (group / "memory.limit_in_bytes").write_text(str(2 * GIB))
        code = f"""
import json, os
open("{group}/cgroup.procs", "w").write(str(os.getpid()))
from gridpress.system import resources
from gridpress.config.params import load_params
from gridpress.study.project import find_project
from gridpress.families.svms import SVMS
from gridpress.pipeline.repro.cluster import at_once, memory
params = load_params(find_project().params)
print(json.dumps([resources.total_memory(), memory(SVMS, params), at_once(params, 2)["svm"]]))
"""
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        total, each, at_once = json.loads(done.stdout)
    finally:
        group.rmdir()
    assert total == 2 * GIB
    assert 2 * each > total
    assert at_once == 1
