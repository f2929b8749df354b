"""`gridpress add` as a person calls it: options, exit codes, one message."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import sys
import urllib.error

import numpy as np
import pytest
from torchvision import datasets

from adding.conftest import class_folders, declaration, loaded, save
from checking import Said
from conftest import FROZEN, ROOT
from gridpress.adding.known import FOLDER as KNOWN
from gridpress.cli import main
from gridpress.study.project import Project
from made_up import tree
from pipeline.repro.test_unwritable import unprivileged


@pytest.fixture
def study(tmp_path):
    project = Project(tmp_path / "study")
    shutil.copytree(FROZEN.root, project.root)
    return project


@pytest.fixture
def called(study, monkeypatch):
    """`gridpress add` in the study, without a new process."""

    def call(*arguments):
        out, err = io.StringIO(), io.StringIO()
        monkeypatch.chdir(study.root)
        monkeypatch.setattr(sys, "argv", ["gridpress", "add", *map(str, arguments)])
        code = 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main.main()
            except SystemExit as stop:
                code = stop.code or 0
        return Said(code, out.getvalue(), err.getvalue())

    return call


def test_a_source_is_taken_in_and_what_is_next_is_printed(study, called):
    said = called("digits", "sklearn:digits", "--title", "Digits")
    assert said.code == 0
    assert said.out.startswith("digits: 10 classes, 8 x 8 pixels, grey\n")
    assert "add digits: done in" in said.err
    assert declaration(study, "digits").title == "Digits"
    assert loaded(study, "digits").pixels.shape == (1797, 1, 8, 8)


@pytest.mark.parametrize(
    ("size", "shape"), [("16", (16, 16)), ("12x20", (12, 20)), ("8", (8, 8)), ("8x4096", (8, 4096))]
)
def test_a_size_is_a_side_or_height_and_width(study, called, tmp_path, size, shape):
    class_folders(tmp_path / "x")
    assert called("mine", tmp_path / "x", "--size", size, "--fit", "stretch").code == 0
    assert loaded(study, "mine").pixels.shape[2:] == shape


def test_pictures_are_cropped_unless_told_otherwise(study, called, tmp_path):
    for name in "ab":
        save(tmp_path / "x" / name / "1.png", np.full((8, 32), 99, np.uint8))
    for options in ([], ["--fit", "crop"], ["--fit", "pad"]):
        called(f"mine{len(options)}{''.join(options)[-3:]}", tmp_path / "x", "--size", "16", *options)
    assert (loaded(study, "mine0").pixels == 99).all()
    assert (loaded(study, "mine2rop").pixels == 99).all()
    assert (loaded(study, "mine2pad").pixels == 0).any()


def test_a_group_is_an_expression_for_paths(study, called, tmp_path):
    class_folders(tmp_path / "x")
    assert called("mine", tmp_path / "x", "--group", "/([0-9])").code == 0
    assert {*declaration(study, "mine").parts[0].groups} == {"1", "2"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--size", "0"], "--size is '0'; it must be a number of pixels from 8 to 4096, or HEIGHTxWIDTH"),
        (["--size", "7"], "--size is '7'; it"),
        (["--size", "4097"], "--size is '4097'; it"),
        (["--size", "32x"], "--size is '32x'; it"),
        (["--size", "32x7"], "--size is '32x7'; it"),
        (["--size", "32x32x3"], "--size is '32x32x3'; it"),
        (["--size", "-32"], "--size is '-32'; it"),
        (["--size", "٣٢"], "--size is '٣٢'; it"),
        (["--size", "\u202e\n"], r"--size is '\u202e\n'; it"),
        (["--size", ""], "--size is ''; it"),
        (
            ["--group", "("],
            "--group is '(', which is no regular expression: missing ), unterminated subpattern",
        ),
        (["--group", "a{99999999999}"], "which is no regular expression: the repetition number is too large"),
        (["--group", "(" * 5000], "which is no regular expression: "),
        (["--group", "patient"], "--group 'patient' finds nothing in "),
        (["--fit", "zoom"], "'zoom' is not one of 'crop', 'pad', 'stretch'"),
    ],
    ids=lambda value: " ".join(value)[:20] if isinstance(value, list) else "",
)
def test_what_is_wrong_with_an_option_is_one_message_and_exit_code_2(
    study, called, tmp_path, arguments, message
):
    class_folders(tmp_path / "x")
    before = tree(study.root)
    said = called("mine", tmp_path / "x", *arguments)
    assert said.code == 2
    assert message in " ".join(said.err.replace("│", " ").split())
    assert "Traceback" not in said.err
    assert tree(study.root) == before


@pytest.mark.parametrize(
    ("name", "source", "message"),
    [
        ("mnist", "sklearn:digits", "gridpress: mnist is declared already, in data/datasets/mnist.yaml"),
        ("a/b", "sklearn:digits", "gridpress: NAME is 'a/b'; it must be made of letters"),
        ("mine", "nowhere", "nowhere is not there; SOURCE may be"),
        ("mine", None, "gridpress: mine needs a SOURCE; known without one: none."),
        ("mine", "sklearn:digit", "Did you mean sklearn:digits?"),
    ],
)
def test_what_cannot_be_taken_in_is_one_message_and_exit_code_2(study, called, name, source, message):
    before = tree(study.root)
    said = called(name, *([source] if source else []))
    assert said.code == 2
    assert message in said.err
    assert said.err.count("\n") == 1
    assert tree(study.root) == before


@pytest.mark.committed
def test_cifar10_without_network_is_one_sentence_and_exit_code_1(study, called, monkeypatch):
    def unreachable(*_, **__):
        raise urllib.error.URLError("[Errno -3] Temporary failure in name resolution")

    shutil.copytree(ROOT / KNOWN, study.root / KNOWN)
    monkeypatch.setattr(datasets, "CIFAR10", unreachable)
    before = tree(study.root)
    said = called("cifar10")
    assert said.code == 1
    assert said.err == (
        "gridpress: torchvision could not download CIFAR10 (<urlopen error [Errno -3] Temporary failure in "
        "name resolution>); get its files otherwise and name them as SOURCE, such as a folder of class "
        "folders\n"
    )
    assert tree(study.root) == before


@pytest.fixture
def closed():
    """Closes a folder to whoever is not root, and opens it again."""
    folders = []

    def close(folder):
        folder.chmod(0)
        folders.append(folder)

    yield close
    for folder in folders:
        folder.chmod(0o755)


@pytest.mark.parametrize("below", ["", "dog", "dog/deep"])
def test_a_folder_without_permission_is_named_and_not_passed_over(study, tmp_path, closed, below):
    class_folders(tmp_path / "x", ["cat/1.png", "dog/1.png", "dog/deep/1.png"])
    closed(tmp_path / "x" / below)
    before = tree(study.root)
    done = subprocess.run(
        unprivileged("gridpress", "add", "mine", str(tmp_path / "x")),
        cwd=study.root,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )
    assert done.returncode == 2
    assert done.stderr == f"gridpress: cannot read {(tmp_path / 'x' / below)}: Permission denied\n"
    assert tree(study.root) == before
