from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys

import pytest

from conftest import FROZEN, ROOT
from gridpress.cli import main

STAGES = {"fetch", "train", "svm", "hardware", "summarize", "report"}


@pytest.fixture
def study(tmp_path):
    """The files that every command needs, and the code."""
    shutil.copytree(
        ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
    )
    shutil.copytree(FROZEN.root, tmp_path, dirs_exist_ok=True)
    return tmp_path


def gridpress(folder, *arguments):
    return subprocess.run(
        ["gridpress", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "mnist-vgg16"], "asks for no train run named 'mnist-vgg16'"),
        (["svm", "mnist-linear"], "asks for no svm run named 'mnist-linear'"),
        (["plan", "--profile", "publish"], "there is no profile 'publish'"),
        (["plan", "--profile", "smok"], "Did you mean smoke?"),
        (
            ["fetch", "fashion-mnist"],
            "DATASET is 'fashion-mnist'; allowed: fashion_mnist, mnist. Did you mean fashion_mnist?",
        ),
        (["weights", "mnist", "resnet18", "--to", "params.yaml"], "params.yaml is a file; name a folder"),
        (["verify", "mnist-rbf-C1-gscal"], "Did you mean mnist-rbf-C1-gscale or"),
        (["hardware", "--machine", "../x"], "--machine is '../x'; it must be made of letters, digits"),
        (["hardware", "--machine", "x" * 101], "it must be at most 100 characters long"),
        (["render", "nowhere.qmd"], "nowhere.qmd"),
        (["render", "--to", "docx"], "docx"),
        (["trian"], "No such command"),
    ],
    ids=" ".join,
)
def test_what_the_user_got_wrong_is_one_message_and_exit_code_2(study, arguments, message):
    done = gridpress(study, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["params.yaml", "dvc.yaml"])
def test_a_study_without_one_of_its_two_files_says_which_and_what_brings_it_back(study, name):
    (study / name).unlink()
    done = gridpress(study, "check")
    assert done.returncode == 2
    assert f"{name} is missing from {study}; `git checkout {name}` brings back" in done.stderr


def test_every_command_stops_at_broken_parameters(study):
    params = study / "params.yaml"
    params.write_text(re.sub(r"epochs: \d+ ", "epochs: 0 ", params.read_text(), count=1))
    for arguments in (
        ["check"],
        ["plan"],
        ["train", "x"],
        ["svm", "x"],
        ["summarize"],
        ["report"],
        ["repro"],
    ):
        done = gridpress(study, *arguments)
        assert done.returncode == 2, arguments
        assert "params.yaml: train.epochs is 0; it must be a whole number from 1" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_missing_record_is_exit_code_1_and_named(study):
    done = gridpress(study, "summarize")
    assert done.returncode == 1
    assert "metrics/data/mnist.json is missing; `dvc repro` makes it" in done.stderr


def test_training_without_data_says_how_to_fetch_it(study):
    done = gridpress(study, "train", "mnist-resnet18-16-sgd-0.001-fp32-device-default-0")
    assert done.returncode == 1
    assert "train-images-idx3-ubyte is missing" in done.stderr
    assert "`gridpress fetch mnist` brings the right files" in done.stderr


def test_help_names_every_stage_of_dvc_yaml(study):
    assert set(gridpress(study, "--help").stdout.split()) >= STAGES


def test_check_imports_of_the_large_libraries_those_that_compute_runs_alone(study):
    done = subprocess.run(
        ["python", "-X", "importtime", "-m", "gridpress", "check"],
        cwd=study,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(study / "src")},
    )
    assert "datasets  mnist, fashion_mnist" in done.stdout
    assert "this is no git repository" in done.stderr
    imported = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert imported & {"torch", "sklearn", "dvc", "dask", "matplotlib"} == {"torch", "sklearn"}


def main_that(monkeypatch, error):
    def app(**_):
        raise error

    monkeypatch.setattr(main, "app", app)
    monkeypatch.setattr(sys, "argv", ["gridpress", "check"])


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device"),
            "the operating system refuses: No space left on device",
        ),
        (OSError("AF_UNIX path too long"), "the operating system refuses: AF_UNIX path too long"),
        (PermissionError(errno.EACCES, "Permission denied", "a/file"), "a/file: Permission denied"),
    ],
)
def test_an_error_of_the_operating_system_is_told_as_what_it_is(monkeypatch, capsys, error, said):
    main_that(monkeypatch, error)
    with pytest.raises(SystemExit) as stop:
        main.main()
    assert stop.value.code == 1
    assert capsys.readouterr().err == f"gridpress: {said}\n"


def test_on_windows_wsl_is_named_and_not_pip(monkeypatch, capsys):
    main_that(monkeypatch, ModuleNotFoundError("No module named 'fcntl'", name="fcntl"))
    with pytest.raises(SystemExit) as stop:
        main.main()
    assert stop.value.code == 1
    said = capsys.readouterr().err
    assert "use it in WSL" in said
    assert "pip" not in said


def test_standard_output_is_left_as_it_was(monkeypatch, capsys):
    before = sys.stdout
    main_that(monkeypatch, SystemExit(0))
    with pytest.raises(SystemExit):
        main.main()
    assert sys.stdout is before
    assert capsys.readouterr().err == ""
