"""Real studies at toy size, in temporary clones, with the really fetched data and the real DVC."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from conftest import ROOT
from gridpress.pipeline.smoke import copy_tree
from gridpress.study import profiles
from gridpress.study.project import Project

IDENTITY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "A Newcomer"), ("EMAIL", "newcomer@example.org"))
}


@dataclass(frozen=True)
class Clone:
    """A study in a folder of its own."""

    root: Path
    data: Path

    @property
    def project(self) -> Project:
        return Project(self.root)

    def call(self, *command: str, code: int | None = 0) -> str:
        """What a command printed, both streams together; fails unless it ends with `code`."""
        done = subprocess.run(
            command,
            cwd=self.root,
            env={**os.environ, **IDENTITY, "GRIDPRESS_DATA": str(self.data), "COLUMNS": "200"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert code is None or done.returncode == code, done.stdout
        return done.stdout

    def set_datasets(self, *names: str) -> None:
        """Name others in params.yaml."""
        yaml = YAML()
        content = yaml.load(self.project.params.read_text(encoding="utf-8"))
        content["datasets"] = list(names)
        with self.project.params.open("w", encoding="utf-8") as file:
            yaml.dump(content, file)

    def ran(self, output: str) -> set[str]:
        """The stages that DVC says it ran."""
        lines = [line for line in output.splitlines() if line.startswith("Running stage '")]
        return {line.split("'")[1] for line in lines}

    def commit(self) -> None:
        self.call("git", "add", "--all")
        self.call("git", "commit", "--quiet", "--message", "state")

    def clone(self, folder: Path) -> Clone:
        """What someone else gets: what is committed, and nothing else."""
        self.call("git", "clone", "--quiet", str(self.root), str(folder))
        return Clone(folder, self.data)


@pytest.fixture(scope="session")
def pristine(tmp_path_factory, real_data) -> Clone:
    """The checkout as it stands, committed in a repository of its own; never run anything in it."""
    clone = Clone(tmp_path_factory.mktemp("pristine") / "gridpress", real_data)
    copy_tree(Project(ROOT), clone.project)
    clone.commit()
    return clone


@pytest.fixture(scope="session")
def finished(tmp_path_factory, pristine, worker_id) -> tuple[Clone, str]:
    """The smoke study of two datasets computed from nothing and committed, and what that printed.

    All processes of the test run share it; never run anything in it.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    clone, said = Clone(shared / "finished" / "a study", pristine.data), shared / "finished.txt"
    with (shared / "finished.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.is_file():
            shutil.rmtree(clone.root, ignore_errors=True)  # of a process that failed
            clone.root.parent.mkdir(exist_ok=True)
            pristine.clone(clone.root)
            profiles.apply(clone.project, "smoke")
            clone.set_datasets("mnist", "fashion_mnist")
            shutil.rmtree(clone.project.metrics, ignore_errors=True)
            (clone.root / "dvc.lock").unlink(missing_ok=True)
            output = clone.call("gridpress", "repro")
            clone.commit()
            said.write_text(output, encoding="utf-8")
    return clone, said.read_text(encoding="utf-8")


@pytest.fixture
def study(finished, tmp_path) -> Clone:
    """The finished study, up to date, to change as a test likes."""
    shutil.copytree(finished[0].root, tmp_path / "study", symlinks=True)
    return Clone(tmp_path / "study", finished[0].data)
