"""Killed and cut off: nothing is lost, nothing stays behind."""

from __future__ import annotations

import subprocess
import sys
from itertools import count

from chaos.life import Life
from chaos.plan import middle_of_life
from chaos.study import outcome
from pipeline.conftest import copy, processes_in, wait_until

KILLS = 6


def test_kills_lose_nothing_and_leave_nothing_behind(tiny, plain, tmp_path):
    """As `make chaos`, without fetching and rendering."""
    reference = outcome(plain)
    del reference["files"]  # its results are committed
    survived, seed = 0, 8
    for number in count(1):
        one = Life(copy(tiny, tmp_path / f"life {number}"), reference, {"anything": 20}, print)
        one.live(middle_of_life(seed, number), KILLS - survived)
        survived += len(one.survived)
        if survived >= KILLS:
            break


def test_dvc_and_its_stage_end_with_the_process_that_called_dvc(tmp_path):
    (tmp_path / "dvc.yaml").write_text("stages:\n  sleep:\n    cmd: touch begun && sleep 600\n")
    for command in (("git", "init", "--quiet"), ("dvc", "init", "--quiet")):
        subprocess.run(command, cwd=tmp_path, check=True)
    call = (
        "from gridpress.pipeline.repro.dvc_command import dvc; from gridpress.study.project import Project; "
        "from pathlib import Path; "
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
