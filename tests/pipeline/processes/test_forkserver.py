"""One process imports what the workers need, beside the fetching, and they are forked from it."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from gridpress.config.params import load_params
from gridpress.errors import GridpressError
from gridpress.pipeline.processes import forkserver
from gridpress.pipeline.repro import cluster, engine
from gridpress.pipeline.stages import fetch
from pipeline.conftest import processes_in, wait_until

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc, and forks")


def look() -> tuple[int, bool, bool]:
    """From inside a worker: its number, whether torch is imported, and whether Python looks for garbage."""
    return os.getpid(), "torch" in sys.modules, gc.isenabled()


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
def test_workers_are_forked_from_one_process_with_what_they_need_and_hear_no_signal_of_the_terminal(study):
    project = study.project
    with cluster.local(project, load_params(project.params), jobs=2) as people:
        found = people.client.run(look)
        pids = [pid for pid, *_ in found.values()]
        assert [state for _, *state in found.values()] == [[True, True]] * 2
        [server] = {psutil.Process(pid).ppid() for pid in pids}
        assert server != os.getpid()
        for pid in (server, *pids):
            assert {signal.SIGINT, signal.SIGTERM} <= blocked(pid)


def test_what_workers_need_is_imported_once_and_never_taken_for_garbage_and_dvc_is_not_needed():
    code = """
import gc, sys, gridpress.pipeline.repro.preload
print(*sorted(sys.modules.keys() & {"torch", "torchvision", "sklearn", "distributed", "dvc"}))
print(gc.isenabled(), gc.get_freeze_count() > 100_000)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["distributed", "sklearn", "torch", "torchvision", "True", "True"]


@linux
def test_it_ends_with_the_process_that_began_it(tmp_path):
    code = (
        "from gridpress.pipeline.processes.forkserver import begin; begin(); print('begun', flush=True); "
        "input()"
    )
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

    def run(_project, dataset, _local):
        calls.append(f"fetch {dataset}")
        raise KeyboardInterrupt  # nothing further is of interest

    monkeypatch.setattr(forkserver, "begin", lambda: calls.append("imports"))
    monkeypatch.setattr(fetch, "run", run)
    return calls


def test_imports_begin_before_the_data_are_fetched(study, happened):
    shutil.rmtree(study.project.raw(""))
    with pytest.raises(KeyboardInterrupt):
        engine.repro(study.project)
    assert happened == ["imports", "fetch mnist"]


def test_nothing_is_imported_for_runs_that_are_all_recorded(computed, happened):
    shutil.rmtree(computed.project.raw(""))
    with pytest.raises(KeyboardInterrupt):
        engine.repro(computed.project)
    assert happened == ["fetch mnist"]


def test_nothing_is_imported_where_others_compute(study, happened):
    shutil.rmtree(study.project.raw(""))
    with pytest.raises(KeyboardInterrupt):
        engine.repro(study.project, scheduler="tcp://127.0.0.1:9")
    assert happened == ["fetch mnist"]


def test_sockets_of_workers_lie_in_a_short_folder_whatever_tmpdir_says(tmp_path, monkeypatch):
    long = tmp_path / ("long" * 20)
    long.mkdir()
    monkeypatch.setenv("TMPDIR", str(long))
    monkeypatch.setattr(tempfile, "tempdir", None)
    forkserver.shorten_temporary_folder()
    assert len(tempfile.gettempdir()) <= forkserver.LONGEST
    assert os.environ["TMPDIR"] == tempfile.gettempdir()


def test_a_short_temporary_folder_stays(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/short")
    monkeypatch.setenv("TMPDIR", "/short")
    forkserver.shorten_temporary_folder()
    assert tempfile.gettempdir() == "/short"


def test_where_there_is_no_short_folder_tmpdir_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("long" * 20)))
    monkeypatch.setattr(forkserver, "SHORT", str(tmp_path / "missing"))
    with pytest.raises(GridpressError, match=r"TMPDIR is .*, too long for the sockets of worker processes"):
        forkserver.shorten_temporary_folder()


def test_a_run_is_computed_with_a_long_tmpdir(study, tmp_path):
    long = tmp_path / ("long" * 30)
    long.mkdir()
    said = study.call("env", f"TMPDIR={long}", "gridpress", "repro", "--jobs", "2")
    assert "Finished stage" in said
