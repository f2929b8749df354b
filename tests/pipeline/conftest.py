"""Tiny real studies: two runs of each family on 60 images of MNIST, without hardware and report."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from copy import deepcopy as copy_of
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from ruamel.yaml import YAML

from conftest import ROOT
from end_to_end.conftest import Clone, pristine
from gridpress.config.yaml_file import read_yaml
from gridpress.study import profiles

__all__ = ["pristine"]

SGD, ADAM = (
    f"train@mnist-resnet18-16-{optimizer}-0.001-fp32-device-default-0" for optimizer in ("sgd", "adam")
)
POLY, RBF = (f"svm@mnist-{name}-C1-gscale" for name in ("poly2", "rbf"))
LOGISTIC, BOOSTING = (
    f"baseline@mnist-{name}" for name in ("logistic_regression", "histogram_gradient_boosting")
)
RUNS = {SGD, ADAM, POLY, RBF, LOGISTIC, BOOSTING}
NETWORK = "network@resnet18"
EPOCHS = 6  # long enough to be killed in
BIG = ("data/raw/", ".dvc/cache/")  # never changed in place, so links are enough


def edit(path: Path, change: Callable[[dict], None]) -> None:
    yaml = YAML()
    content = yaml.load(path.read_text(encoding="utf-8"))
    change(content)
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)


def copy(clone: Clone, folder: Path) -> Clone:
    def put(source: str, target: str) -> None:
        linked = any(part in source for part in BIG)
        os.link(source, target) if linked else shutil.copy2(source, target)

    shutil.copytree(clone.root, folder, copy_function=put)
    return replace(clone, root=folder)


def records(clone: Clone) -> dict[str, bytes]:
    """Bytes of all records but the timings."""
    metrics = clone.project.metrics
    found = {path.relative_to(metrics).as_posix(): path.read_bytes() for path in metrics.rglob("*.json")}
    return {name: content for name, content in found.items() if not name.startswith("timing/")}


def entries(clone: Clone) -> dict:
    """The stages in dvc.lock, without what it says of timings."""
    stages = read_yaml(clone.root / "dvc.lock")["stages"]
    for stage in stages.values():
        stage["outs"] = [out for out in stage["outs"] if "/timing/" not in out["path"]]
    return stages


def wait_until(condition: Callable[[], object], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def processes_in(folder: Path) -> list[int]:
    """Processes that stand in a folder, and so belong to its study."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()).is_relative_to(folder):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


@pytest.fixture(scope="session")
def tiny(pristine, tmp_path_factory) -> Clone:
    """Nothing computed yet; the data are fetched. Never run anything in it."""
    clone = pristine.clone(tmp_path_factory.mktemp("tiny") / "study")
    profiles.apply(clone.project, "smoke")

    def few(params: dict) -> None:
        params["datasets"] = ["mnist"]
        params["train"].update(epochs=EPOCHS, milestones=[1, EPOCHS])
        params["data"].update(train_samples=60, train_eval_samples=30, val_samples=30, test_samples=60)

    def runs_only(pipeline: dict) -> None:
        for name in ("hardware", "summarize", "final", "report"):
            del pipeline["stages"][name]

    edit(clone.project.params, few)
    edit(clone.root / "dvc.yaml", runs_only)
    shutil.rmtree(clone.project.metrics, ignore_errors=True)
    (clone.root / "dvc.lock").unlink(missing_ok=True)
    clone.call("dvc", "repro", "--quiet", "fetch")
    clone.commit()
    return clone


@pytest.fixture(scope="session")
def curved(tiny, tmp_path_factory) -> Clone:
    """As `tiny`, with what validation chooses, its learning curves at two sizes, and `metrics/final.json`.

    The larger one is that of the grid. Nothing is computed yet; never run anything in it.
    """
    clone = copy(tiny, tmp_path_factory.mktemp("curved") / "study")
    stages = read_yaml(ROOT / "dvc.yaml")["stages"]

    def without_hardware(pipeline: dict) -> None:
        for name in ("summarize", "final"):
            stage = copy_of(stages[name])
            stage["deps"] = [dep for dep in stage["deps"] if dep != "metrics/hardware"]
            stage["params"] = [key for key in stage["params"] if key != "hardware.machines"]
            pipeline["stages"][name] = stage

    def small(params: dict) -> None:
        params["train"].update(epochs=2, milestones=[1], subset="own")
        params["data"]["val_samples"] = 10
        params["learning_curve"].update(fractions=[0.0008, 60 / 49000], epochs=[])
        params["svm"]["configs"]["rbf-C9-gscale"] = {"kernel": "rbf", "C": 1e-9, "gamma": "scale"}

    edit(clone.root / "dvc.yaml", without_hardware)
    edit(clone.project.params, small)
    clone.commit()
    return clone


@pytest.fixture(scope="session")
def plain(tiny, tmp_path_factory) -> Clone:
    """Computed by `dvc repro`, one stage at a time. Never change it."""
    clone = copy(tiny, tmp_path_factory.mktemp("plain") / "study")
    clone.call("dvc", "repro")
    clone.commit()
    return clone


@pytest.fixture
def study(tiny, tmp_path) -> Clone:
    """A copy of `tiny`, to run and change as a test likes."""
    return copy(tiny, tmp_path / "study")


@pytest.fixture
def computed(plain, tmp_path) -> Clone:
    """A copy of `plain`, to run and change as a test likes."""
    return copy(plain, tmp_path / "study")
