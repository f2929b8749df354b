from __future__ import annotations

import subprocess
import sys

import pytest

from gridpress.pipeline.processes.leftovers import clear
from gridpress.study.project import Project

WRITER = """
import os, sys, time
from pathlib import Path
from gridpress.files import write_text
os.fsync = lambda descriptor: (print(flush=True), time.sleep(600))
write_text(Path(sys.argv[1]), "half")
"""


@pytest.mark.parametrize("place", ["metrics/train", "report", "scratch/checkpoints/run", "scratch"])
def test_the_temporary_file_of_a_killed_writer_goes_and_that_of_a_living_one_stays(tmp_path, place):
    project = Project(tmp_path)
    target = project.root / place / "run-0.001.json"
    with subprocess.Popen([sys.executable, "-c", WRITER, str(target)], stdout=subprocess.PIPE) as writer:
        writer.stdout.readline()
        clear(project)
        assert len(list(target.parent.iterdir())) == 1
        writer.kill()
    clear(project)
    assert list(target.parent.iterdir()) == []
