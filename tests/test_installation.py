"""The whole chain on a bare machine: a made-up dataset, the real DVC, training, SVMs, summary."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from conftest import DECLARED, ROOT
from gridpress.pipeline.smoke import copy_tree
from gridpress.study import profiles
from gridpress.study.project import Project
from made_up import idx, pins

RUN, SVM = "mnist-resnet18-16-sgd-0.001-fp32-device-default-0", "mnist-rbf-C1-gscale"
CHANGES = [
    "datasets=[mnist]",
    "train.epochs=1",
    "train.grid.optimizer=[sgd]",
    "~svm.configs.poly2-C1-gscale",
    "data.train_samples=100",
    "data.train_eval_samples=50",
    "data.val_samples=50",
    "data.test_samples=100",
]
pytestmark = pytest.mark.committed  # it installs this repository


def bright_lines(folder: Path) -> dict[str, bytes]:
    """Files with the names and sizes of MNIST's: ten classes that a line of bright pixels tells apart."""
    rng = np.random.default_rng(7)
    files = {}
    for part, count in (("train", 60_000), ("t10k", 10_000)):
        labels = np.arange(count, dtype=np.uint8) % 10
        pixels = rng.integers(0, 90, (count, 28, 28), dtype=np.uint8)
        pixels[np.arange(count), 2 * labels + 3] = 220
        files[f"{part}-images-idx3-ubyte"], files[f"{part}-labels-idx1-ubyte"] = idx(pixels), idx(labels)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return files


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Project:
    """A study of these files alone: they are declared in place of MNIST's."""
    from dvc.utils.hydra import apply_overrides  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("installation")
    files = bright_lines(folder / "lines")
    study = Project(folder / "my study – ü's")
    copy_tree(Project(ROOT), study)
    declaration = study.root / "data" / "datasets" / "mnist.yaml"
    text = declaration.read_text(encoding="utf-8")
    for name, pin in pins(files).items():
        text = text.replace(DECLARED["mnist"].files[name].sha256, pin.sha256)
    declaration.write_text(text, encoding="utf-8")
    profiles.apply(study, "smoke")
    apply_overrides(str(study.params), CHANGES)
    shutil.rmtree(study.metrics)
    (study.root / "dvc.lock").unlink()
    call(study, "git", "add", "--all")
    call(
        study,
        "git",
        "-c",
        "user.name=A",
        "-c",
        "user.email=a@example.org",
        "commit",
        "--quiet",
        "-m",
        "state",
    )
    return study


def call(study: Project, *command: str) -> str:
    done = subprocess.run(
        command,
        cwd=study.root,
        env={**os.environ, "GRIDPRESS_DATA": str(study.root.parent / "lines")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def said(study) -> str:
    """What DVC says while it computes everything but the report."""
    return call(study, "dvc", "repro", "summarize")


def test_dvc_fetches_trains_fits_and_summarizes_from_nothing(study, said):
    stages = ("fetch@mnist", "network@resnet18", f"train@{RUN}", f"svm@{SVM}", "hardware@here", "summarize")
    for stage in stages:
        assert f"Running stage '{stage}'" in said
    summary = json.loads(study.summary.read_text())["mnist"]
    assert summary["rbf"]["test_accuracy"] > 0.9
    names = {"validation_accuracy", "test_accuracy", "test_balanced_accuracy", "test_macro_f1"}
    assert summary["resnet18"].keys() == names
    assert "up to date" in call(study, "dvc", "status", "summarize")


@pytest.mark.usefixtures("said")
def test_side_by_side_the_same_bytes_come_out_and_a_second_call_computes_nothing(study):
    records = [study.record("train", RUN), study.record("svm", SVM), study.summary]
    before = [path.read_bytes() for path in records]
    for path in records:
        path.unlink()
    said = call(study, "gridpress", "repro", "--jobs", "2")
    assert f"Finished stage 'train@{RUN}'" in said
    assert [path.read_bytes() for path in records] == before
    for path in study.rendered:
        assert path.stat().st_size > 100_000
    assert call(study, "gridpress", "repro").startswith("Everything is up to date.")


@pytest.mark.usefixtures("said")
def test_check_finds_nothing_wrong(study):
    said = call(study, "gridpress", "check")
    assert "dvc.lock is whole" in said
    assert "!" not in said
