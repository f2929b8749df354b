"""A stage ends with the DVC that started it, with and without a shell between the two."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from shlex import quote

import pytest

from conftest import ROOT
from gridpress.config.yaml_file import read_yaml
from gridpress.pipeline.lockfile.places import at_begin
from gridpress.study.project import Project
from pipeline.conftest import processes_in, wait_until

STAGE = """
import subprocess, sys, time
from pathlib import Path
from gridpress.pipeline.stages import begin
begin.begin(Path.cwd())
if sys.argv[1] == "sleep":
    subprocess.Popen(["sleep", "600"])
    Path("begun").touch()
    time.sleep(600)
Path(sys.argv[1]).touch()
"""


@pytest.fixture
def study(tmp_path):
    """Two stages after one another; the second one sleeps, with a process of its own below it."""
    (tmp_path / "stage.py").write_text(STAGE)
    for command in (("git", "init", "--quiet"), ("dvc", "init", "--quiet")):
        subprocess.run(command, cwd=tmp_path, check=True)
    return tmp_path


def pipeline(study, last):
    stages = {"first": "python stage.py one", "second": last}
    text = "".join(f"  {name}:\n    cmd: {cmd}\n" for name, cmd in stages.items())
    first, second = text.split("  second:")
    outs = "    outs: [{one: {cache: false}}]\n"
    deps = "    deps: [one]\n"
    (study / "dvc.yaml").write_text(f"stages:\n{first}{outs}  second:{second}{deps}")


def started(study, *command):
    return subprocess.Popen(
        command, cwd=study, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.mark.parametrize("last", ["python stage.py sleep", "python stage.py sleep && touch two"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_stage_ends_with_all_below_it_when_dvc_alone_is_killed(study, last, number):
    pipeline(study, last)
    process = started(study, "dvc", "repro")
    wait_until((study / "begun").exists)
    assert len(processes_in(study)) >= 3
    os.kill(process.pid, number)
    process.wait()
    wait_until(lambda: not processes_in(study), seconds=20)
    assert not (study / "two").exists()


def test_a_stage_whose_dvc_is_gone_before_it_begins_does_nothing():
    done = subprocess.run(
        ["gridpress", "check"],
        cwd=ROOT,
        env={**os.environ, "DVC_STAGE": "train@x"},
        start_new_session=True,  # as one that init has adopted
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "DVC, which started stage 'train@x', is gone" in done.stderr


def test_a_command_that_a_person_started_outlives_its_shell(study):
    begin = f"{quote(sys.executable)} stage.py sleep"
    shell = started(study, "sh", "-c", f"{begin} & sleep 600")
    wait_until((study / "begun").exists)
    shell.kill()
    shell.wait()
    with pytest.raises(AssertionError):
        wait_until(lambda: "stage.py" not in commands_in(study), seconds=2)
    os.killpg(shell.pid, signal.SIGKILL)
    wait_until(lambda: not processes_in(study), seconds=20)


def commands_in(study):
    import psutil  # noqa: PLC0415

    return " ".join(" ".join(psutil.Process(pid).cmdline()) for pid in processes_in(study))


def test_dvc_lock_is_copied_before_a_stage_whose_recording_may_cut_it(study):
    pipeline(study, "python stage.py two")
    subprocess.run(["dvc", "repro", "--quiet"], cwd=study, check=True)
    copied = read_yaml(at_begin(Project(study)))
    assert list(copied["stages"]) == ["first"]
    assert copied["stages"]["first"] == read_yaml(study / "dvc.lock")["stages"]["first"]
