"""Copies of the study to measure in, with other parameters; the study itself stays as it is."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from gridpress.errors import GridpressError
from gridpress.pipeline.smoke import copy_tree
from gridpress.study.project import Project

# 16 configurations, whatever the grid of params.yaml is by now
GRID: dict[str, Any] = {
    "model": ["resnet18", "resnet50"],
    "batch_size": [16, 32],
    "optimizer": ["sgd", "adam"],
    "learning_rate": [0.001, 0.0001],
    "precision": ["fp32"],
    "data_memory": ["device"],
    "recipe": ["default"],
    "seed": [0],
}
RUNS_ONLY = (  # left out: the published way has none of them
    "baseline",
    "hardware",
    "summarize",
    "final",
    "report",
)
NO_CURVES: dict[str, Any] = {"fractions": [], "epochs": []}
LAST_WORDS = 2000  # characters of a command that failed


def copy_study(
    source: Project, root: Path, change: Callable[[dict[str, Any]], None], without: tuple[str, ...] = ()
) -> Project:
    """The study in another folder, without learning curves, its params.yaml changed, some stages left out."""
    project = Project(root)
    copy_tree(source, project)

    def without_curves(content: dict[str, Any]) -> None:
        content["learning_curve"] = NO_CURVES
        change(content)

    edit(project.params, without_curves)

    def leave_out(pipeline: dict[str, Any]) -> None:
        stages = pipeline["stages"]
        for name in without:
            del stages[name]
        if "hardware" in without and "summarize" in stages:
            stages["summarize"]["deps"].remove("metrics/hardware")
            stages["summarize"]["params"].remove("hardware.machines")

    edit(project.root / "dvc.yaml", leave_out)
    return project


def edit(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change what a YAML file holds, in place."""
    yaml = YAML()
    content = yaml.load(path.read_text(encoding="utf-8"))
    change(content)
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)


def call(project: Project, source: Project, *command: str) -> tuple[float, str]:
    """Seconds that a command takes in a copy of the study, and its output on both streams.

    Raises:
        GridpressError: it failed; holds its last words.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = {
        **os.environ,
        "PATH": path,
        "PYTHONPATH": str(project.root / "src"),  # an installation of this copy would import it from there
        "GRIDPRESS_DATA": str(source.raw("")),
    }
    begin = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=project.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - begin
    if done.returncode != 0:
        raise GridpressError(f"`{' '.join(command)}` failed:\n{done.stdout[-LAST_WORDS:]}")
    return seconds, done.stdout
