from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from gridpress.pipeline.repro.worker import Admission, code_digest, versions


def package(folder: Path, modules: dict[str, str]) -> Path:
    for name, text in modules.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_the_digest_changes_with_every_module_and_with_nothing_else(tmp_path):
    modules = {"a.py": "1", "b/c.py": "2"}
    digest = code_digest(package(tmp_path / "one", modules))
    same = package(tmp_path / "two", {**modules, "__pycache__/a.pyc": "x", "notes.txt": "x"})
    assert code_digest(same) == digest
    others = [
        {**modules, "a.py": "3"},
        {**modules, "d.py": ""},
        {"a.py": "12", "b/c.py": ""},
        {"a.py": "1", "c.py": "2"},
    ]
    assert digest not in {code_digest(package(tmp_path / f"{i}", other)) for i, other in enumerate(others)}


class FakeWorker:
    name, address = "alpha", "tcp://somewhere"
    memory_manager = SimpleNamespace(memory_limit=None)

    def __init__(self):
        self.resources, self.events = {}, []
        self.scheduler = self

    async def set_resources(self, **resources):
        self.resources.update(resources)

    async def log_event(self, topic, msg):
        self.events.append((topic, msg))


@pytest.mark.parametrize("package", ["gridpress", "torch", "scikit-learn"])
def test_a_worker_that_differs_in_one_version_gets_no_resource_and_is_named(package):
    worker = FakeWorker()
    asyncio.run(Admission({**versions(), package: "0.1"}, "gridpress-x", "topic", local=False).setup(worker))
    assert worker.resources == {}
    refusal = f"worker alpha (tcp://somewhere) is refused: {package} {versions()[package]} instead of 0.1"
    assert worker.events == [("topic", {"refused": refusal})]


def test_a_worker_that_agrees_may_compute_one_run_at_a_time():
    worker = FakeWorker()
    asyncio.run(Admission(versions(), "gridpress-x", "topic", local=False).setup(worker))
    assert worker.resources["gridpress-x"] == 1
    assert worker.resources["gridpress-x-memory"] > 2**28
    assert worker.events == []


@pytest.mark.parametrize(
    "another", ["", "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"]
)
def test_a_write_is_finished_before_the_program_is_interrupted(another):
    """Also where another thread may receive what the main thread holds back."""
    code = f"""
import os, signal, sys, threading, time
from gridpress.pipeline.processes.interrupt import terminable, uninterrupted
{another}
with terminable(), uninterrupted(), uninterrupted():
    os.kill(os.getpid(), getattr(signal, sys.argv[1]))
    time.sleep(0.2)
    print("written", flush=True)
print("not reached")
"""
    for name, status in (("SIGTERM", 128 + signal.SIGTERM), ("SIGINT", -signal.SIGINT)):
        done = subprocess.run([sys.executable, "-c", code, name], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (status, "written\n")
