from __future__ import annotations

import shutil
import subprocess

from conftest import ROOT


def copy_of_the_code(folder):
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(ROOT / name, folder / name)


def test_the_command_runs_the_code_of_the_study_it_is_called_in(tmp_path):
    copy_of_the_code(tmp_path)
    plan = tmp_path / "src" / "gridpress" / "plan.py"
    plan.write_text(plan.read_text().replace('"datasets":', '"edited in the copy":'))
    (tmp_path / "report").mkdir()
    for folder in (tmp_path, tmp_path / "report"):
        shown = subprocess.run(["gridpress", "plan"], cwd=folder, capture_output=True, text=True, check=True)
        assert "edited in the copy" in shown.stdout
    elsewhere = subprocess.run(["gridpress", "plan"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "edited in the copy" not in elsewhere.stdout


def test_python_looks_for_garbage_seldom_and_not_once_more_at_its_end():
    code = """
import atexit, gc, runpy
atexit.register(lambda: print("at the end", gc.get_threshold()[0], gc.get_freeze_count() > 10_000))
runpy.run_module("gridpress", run_name="__main__")
"""
    shown = subprocess.run(
        ["python", "-c", code, "plan"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert shown.stdout.splitlines()[-1] == "at the end 10000 True"


def test_outside_a_study_the_command_says_so(tmp_path):
    shown = subprocess.run(["gridpress", "check"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert shown.returncode == 2
    assert "is not inside a Gridpress study" in shown.stderr
    assert "Traceback" not in shown.stderr
