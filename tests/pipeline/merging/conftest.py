"""A study of four runs whose results two people have changed."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from checking import IDENTITY, Said, check_in, few, write_study
from gridpress.pipeline.lockfile.entries import dump, read
from gridpress.study.project import Project

SGD, ADAM = (
    f"train@mnist-resnet18-16-{optimizer}-0.001-fp32-device-default-0" for optimizer in ("sgd", "adam")
)
POLY, RBF = (f"svm@mnist-{name}-C1-gscale" for name in ("poly2", "rbf"))
BASELINES = ("baseline@mnist-logistic_regression", "baseline@mnist-histogram_gradient_boosting")


@dataclass(frozen=True)
class Study:
    """Its folder, and what two people do in it."""

    root: Path

    @property
    def project(self) -> Project:
        return Project(self.root)

    @property
    def lock(self) -> Path:
        return self.root / "dvc.lock"

    def entries(self) -> dict:
        return read(self.lock.read_text())

    def git(self, *arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            ["git", *IDENTITY, *arguments], cwd=self.root, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def commit(self) -> None:
        self.git("commit", "--quiet", "--all", "--message", "state")

    def compute(self, name: str, by: str, **parameters: object) -> None:
        """As if a stage had run: its timing is another one, by which it is known, and dvc.lock says so."""
        entries = self.entries()
        entry = entries[name]
        entry["params"]["params.yaml"].update(parameters)
        for out in entry["outs"]:
            path = self.root / out["path"]
            if "timing" in out["path"]:
                timing = json.loads(path.read_text())
                timing["machine"]["processor"] = by
                path.write_text(json.dumps(timing, indent=1) + "\n")
            content = path.read_bytes()
            out.update(md5=hashlib.md5(content).hexdigest(), size=len(content))
        self.lock.write_text(dump(entries))

    def computed(self, name: str) -> str:
        """By whom."""
        kind, _, key = name.partition("@")
        return json.loads(self.project.timing(kind, key).read_text())["machine"]["processor"]

    def set(self, text: str, new: str) -> None:
        path = self.project.params
        assert path.read_text().count(text) == 1
        path.write_text(path.read_text().replace(text, new))

    def branch(self, name: str) -> None:
        self.git("checkout", "--quiet", "-b", name, "start")

    def files(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in self.root.rglob("*")
            if path.is_file() and ".git" not in path.parts and ".dvc" not in path.parts
        }

    def check(self) -> Said:
        return check_in(self.root)

    def call(self, *command: str, code: int) -> str:
        done = subprocess.run(
            ["gridpress", *command],
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout
        return done.stdout


@pytest.fixture(scope="module")
def whole(tmp_path_factory, content_of_smoke) -> Path:
    """Never change it."""
    root = tmp_path_factory.mktemp("whole") / "study"
    write_study(root, few(content_of_smoke))
    return root


@pytest.fixture
def study(whole, tmp_path) -> Study:
    shutil.copytree(whole, tmp_path / "a study", symlinks=True)
    study = Study(tmp_path / "a study")
    shutil.rmtree(study.project.scratch)
    study.git("tag", "start")
    return study
