"""One process imports what the workers need, beside the fetching, and they are forked from it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from gridpress.hardware import footprint
from gridpress.params import load_params
from gridpress.repro import crew, engine, forkserver
from repro.conftest import processes_in, wait_until

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc, and forks")


def test_processes_begin_in_the_same_way_in_every_stage():
    assert forkserver.METHOD == footprint.START


def look() -> tuple[int, bool]:
    """From inside a worker: its number, and whether torch is imported."""
    return os.getpid(), "torch" in sys.modules


def blocked(pid: int) -> set[signal.Signals]:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    [mask] = [int(line.split()[1], 16) for line in lines if line.startswith("SigBlk")]
    return {number for number in signal.Signals if mask >> (number - 1) & 1}


@pytest.fixture
def none_running() -> None:
    """What another test of this process started, with signals as they were there, is gone."""
    forkserver.end()
    servers = [process for process in psutil.Process().children() if process.status() != psutil.STATUS_ZOMBIE]
    for process in servers:
        if any("multiprocessing.forkserver" in argument for argument in process.cmdline()):
            wait_until(lambda process=process: process.status() == psutil.STATUS_ZOMBIE)


@linux
@pytest.mark.usefixtures("none_running")
def test_workers_are_forked_from_one_process_with_torch_and_hear_no_signal_of_the_terminal(study):
    project = study.project
    with crew.local(project, load_params(project.params), jobs=2) as people:
        found = people.client.run(look)
        pids = [pid for pid, _ in found.values()]
        assert [imported for _, imported in found.values()] == [True, True]
        [server] = {psutil.Process(pid).ppid() for pid in pids}
        assert server != os.getpid()
        for pid in (server, *pids):
            assert {signal.SIGINT, signal.SIGTERM} <= blocked(pid)


@linux
def test_it_ends_with_the_process_that_began_it(tmp_path):
    code = "from gridpress.repro.forkserver import begin; begin(); print('begun', flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    assert len(processes_in(tmp_path)) >= 2
    process.kill()
    process.communicate()
    wait_until(lambda: not processes_in(tmp_path), seconds=60)


@pytest.fixture
def happened(monkeypatch):
    """What the engine does up to the fetching."""
    calls: list[str] = []

    def fetch(_project, *arguments):
        calls.append(" ".join(arguments))
        raise KeyboardInterrupt  # nothing further is of interest

    monkeypatch.setattr(forkserver, "begin", lambda: calls.append("imports"))
    monkeypatch.setattr(engine, "dvc", fetch)
    return calls


def test_imports_begin_before_the_data_are_fetched(study, happened):
    shutil.rmtree(study.project.raw(""))
    with pytest.raises(KeyboardInterrupt):
        engine.repro(study.project)
    assert happened == ["imports", "repro fetch@mnist"]


def test_nothing_is_imported_for_runs_that_are_all_recorded(computed, happened):
    shutil.rmtree(computed.project.raw(""))
    with pytest.raises(KeyboardInterrupt):
        engine.repro(computed.project)
    assert happened == ["repro fetch@mnist"]


def test_nothing_is_imported_where_others_compute(study, happened):
    shutil.rmtree(study.project.raw(""))
    with pytest.raises(KeyboardInterrupt):
        engine.repro(study.project, scheduler="tcp://127.0.0.1:9")
    assert happened == ["repro fetch@mnist"]
