"""Killed and cut off: nothing is lost, nothing stays behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

from gridpress.params import read_yaml
from gridpress.repro.finished import files_of
from repro.conftest import RUNS, entries, processes_in, records, wait_until


def started(clone, *command):
    """A command in a process group of its own."""
    return subprocess.Popen(
        command, cwd=clone.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def recorded(clone):
    return {name for name in read_yaml(clone.root / "dvc.lock")["stages"] if name in RUNS}


def test_stopped_at_three_moments_and_in_three_ways_it_ends_with_the_same_bytes(study, plain):
    checkpoints = study.project.scratch / "checkpoints"

    def trained():
        return len(list(checkpoints.rglob("*.pt"))) == 2

    def epoch_passed():
        newest = max(path.stat().st_mtime for path in checkpoints.rglob("*.pt"))
        return newest > begin

    stops = [
        (lambda: list(study.project.metrics.glob("svm/*.json")), os.killpg, signal.SIGKILL, -signal.SIGKILL),
        (trained, os.kill, signal.SIGKILL, -signal.SIGKILL),
        (epoch_passed, os.killpg, signal.SIGTERM, 128 + signal.SIGTERM),
    ]
    before = set()
    for moment, kill, number, code in stops:
        begin = time.time()
        process = started(study, "gridpress", "repro", "--jobs", "2")
        wait_until(moment)
        asked = time.monotonic()
        kill(process.pid, number)
        assert process.wait(timeout=30) == code
        wait_until(lambda: not processes_in(study.root), seconds=10)
        assert time.monotonic() - asked < 20  # at once, compared with what was left to compute
        assert before <= recorded(study)
        before = recorded(study)
    output = study.call("gridpress", "repro", "--jobs", "2")
    assert not study.ran(output) & before
    assert records(study) == records(plain)
    assert entries(study) == entries(plain)
    assert "up to date" in study.call("dvc", "status")
    timings = [
        json.loads(files_of(study.project, name)[1].read_text()) for name in RUNS if name.startswith("train")
    ]
    assert all(timing["resumed_at_epoch"] >= 2 for timing in timings)


def test_dvc_and_its_stage_end_with_the_process_that_called_dvc(tmp_path):
    (tmp_path / "dvc.yaml").write_text("stages:\n  sleep:\n    cmd: touch begun && sleep 600\n")
    for command in (("git", "init", "--quiet"), ("dvc", "init", "--quiet")):
        subprocess.run(command, cwd=tmp_path, check=True)
    call = (
        "from gridpress.repro import dvc; from gridpress.project import Project; from pathlib import Path; "
    )
    process = subprocess.Popen(
        [sys.executable, "-c", f"{call} dvc(Project(Path.cwd()), 'repro')"],
        cwd=tmp_path,
        start_new_session=True,
    )
    wait_until((tmp_path / "begun").exists)
    assert len(processes_in(tmp_path)) >= 3
    process.kill()
    process.wait()
    wait_until(lambda: not processes_in(tmp_path), seconds=20)
