from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys

import pytest

from conftest import FROZEN, ROOT
from gridpress.cli import launch


def copy_of_the_code(folder):
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    shutil.copytree(FROZEN.root, folder, dirs_exist_ok=True)


def test_the_command_runs_the_code_of_the_study_it_is_called_in(tmp_path):
    copy_of_the_code(tmp_path)
    plan = tmp_path / "src" / "gridpress" / "pipeline" / "plan.py"
    plan.write_text(plan.read_text().replace('"datasets":', '"edited in the copy":'))
    (tmp_path / "report").mkdir()
    for folder in (tmp_path, tmp_path / "report"):
        shown = subprocess.run(["gridpress", "plan"], cwd=folder, capture_output=True, text=True, check=True)
        assert "edited in the copy" in shown.stdout
    elsewhere = subprocess.run(
        ["gridpress", "plan"], cwd=FROZEN.root, capture_output=True, text=True, check=True
    )
    assert "edited in the copy" not in elsewhere.stdout


def test_python_looks_for_garbage_seldom_and_not_once_more_at_its_end():
    code = """
import atexit, gc, runpy
atexit.register(lambda: print("at the end", gc.get_threshold()[0], gc.get_freeze_count() > 10_000))
runpy.run_module("gridpress", run_name="__main__")
"""
    shown = subprocess.run(
        ["python", "-c", code, "plan"], cwd=FROZEN.root, capture_output=True, text=True, check=True
    )
    assert shown.stdout.splitlines()[-1] == "at the end 10000 True"


def test_outside_a_study_the_command_says_so(tmp_path):
    shown = subprocess.run(["gridpress", "check"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert shown.returncode == 2
    assert "is not inside a Gridpress study" in shown.stderr
    assert "Traceback" not in shown.stderr


@pytest.fixture
def module_load(tmp_path):
    """What a cluster's `module load` puts on PYTHONPATH: packages of another Python."""
    folder = tmp_path / "module load"
    for name in ("numpy", "torch", "pydantic", "dvc", "ipykernel"):
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text(f"raise ImportError('{name} of another Python')\n")
    (folder / "only_there.py").write_text("")
    return folder


@pytest.mark.parametrize(
    "command", [["check"], ["plan"], ["repro", "--dry-run"], ["train", "x"]], ids=" ".join
)
def test_packages_on_pythonpath_do_not_hide_those_of_the_environment(module_load, command, tmp_path):
    study = shutil.copytree(FROZEN.root, tmp_path / "study")
    (study / ".dvc").mkdir()  # else DVC takes the study for a part of the repository around it
    path = os.pathsep.join([str(module_load), os.environ["PYTHONPATH"]])
    shown = subprocess.run(
        ["gridpress", *command],
        cwd=study,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "of another Python" not in shown.stderr
    assert "Traceback" not in shown.stderr
    assert "of another Python" not in shown.stdout


def test_what_the_command_starts_finds_the_environment_first_and_the_rest_after_it(module_load):
    path = launch.python_path(str(module_load), None, launch._packages())
    code = "import numpy, torch, pydantic, only_there; print(numpy.__file__)"
    shown = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.startswith(str(launch._packages()))


def test_pythonpath_is_made_once():
    for given in ("", "a", f"a{os.pathsep}b"):
        for source in (None, "src"):
            for packages in (None, "packages"):
                once = launch.python_path(given, source, packages)
                assert launch.python_path(once, source, packages) == once
    assert launch.python_path("", None, "packages") == ""
    assert launch.python_path("src", "src", "packages") == "src"
    assert launch.python_path("", "src", "packages") == "src"
    assert launch.python_path("a", "src", "packages") == os.pathsep.join(["src", "packages", "a"])


def test_a_user_without_a_name_gets_one(monkeypatch):
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 987_654)
    launch._name_the_user()
    assert getpass.getuser() == "user-987654"
