"""A small whole study with all that `gridpress check` looks at."""

from __future__ import annotations

import shlex
import shutil
import subprocess

import pytest

from checking import few, write_study
from conftest import DECLARED
from gridpress.config.params import Params, parse_params
from gridpress.study.project import Project

RUN = "train/mnist-resnet18-16-sgd-0.001-fp32-device-default-0.json"


@pytest.fixture(scope="session")
def params(content_of_smoke) -> Params:
    return parse_params(few(content_of_smoke), DECLARED)


@pytest.fixture(scope="session")
def whole(content_of_smoke, tmp_path_factory) -> Project:
    """Never change it."""
    return write_study(tmp_path_factory.mktemp("whole") / "study", few(content_of_smoke))


@pytest.fixture
def study(whole, tmp_path) -> Project:
    shutil.copytree(whole.root, tmp_path / "a study", symlinks=True)
    return Project(tmp_path / "a study")


def put_data(project):
    """Files of the right sizes: `check` reads none."""
    project.raw("mnist").mkdir(parents=True, exist_ok=True)
    for name, pin in DECLARED["mnist"].pins.items():
        with (project.raw("mnist") / name).open("wb") as file:
            file.truncate(pin.size)


def follow(project, said):
    """Call the first command of git, cp or rm that a message names."""
    [command, *_] = [
        part
        for part in said.err.replace("\n", " ").split("`")[1::2]
        if part.split()[0] in {"git", "cp", "rm"}
    ]
    subprocess.run(shlex.split(command), cwd=project.root, check=True, capture_output=True)
