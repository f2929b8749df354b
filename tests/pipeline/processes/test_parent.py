"""A process ends with its starter, with and without a shell between the two."""

from __future__ import annotations

import subprocess
import sys
from shlex import quote

import pytest

from pipeline.conftest import processes_in, wait_until

CHILD = """
import subprocess, time
from pathlib import Path
from gridpress.pipeline.processes.parent import end_with_starter
assert end_with_starter("STARTED_AS", "child")
subprocess.Popen(["sleep", "600"])
Path("begun").touch()
time.sleep(600)
"""
STARTER = """
import os, subprocess, sys
environment = {**os.environ, "STARTED_AS": "child"}
subprocess.run(sys.argv[1], shell=True, executable="/bin/sh", env=environment)
"""


@pytest.mark.parametrize("shell", ["exec {}", "{} && touch after"], ids=["without a shell", "in a shell"])
def test_a_process_ends_with_all_below_it_when_its_starter_is_killed(tmp_path, shell):
    (tmp_path / "child.py").write_text(CHILD)
    command = shell.format(f"{quote(sys.executable)} child.py")
    starter = subprocess.Popen([sys.executable, "-c", STARTER, command], cwd=tmp_path, start_new_session=True)
    wait_until((tmp_path / "begun").exists)
    assert len(processes_in(tmp_path)) >= 3
    starter.kill()
    starter.wait()
    wait_until(lambda: not processes_in(tmp_path), seconds=20)
    assert not (tmp_path / "after").exists()


def test_a_process_whose_starter_is_gone_already_is_told_so():
    code = "from gridpress.pipeline.processes.parent import end_with_starter as end; print(end('A', 'b'))"
    done = subprocess.run(
        ["env", "A=b", sys.executable, "-c", code],
        start_new_session=True,  # as one that init has adopted
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"
