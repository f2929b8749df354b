from __future__ import annotations

import shutil
import subprocess

import pytest

from conftest import ROOT
from gridpress.config.yaml_file import read_yaml
from gridpress.pipeline.dvc import hashes
from gridpress.pipeline.dvc.hashes import folder_md5, is_converted, is_recorded, md5

OF_HELLO = "5d41402abc4b2a76b9719d911017c592"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "record.json"
    path.write_text("hello")
    return path


def test_the_hash_is_that_of_dvc_lock(file):
    assert md5(file.read_bytes()) == OF_HELLO


def test_a_file_is_recorded_while_its_content_is_the_recorded_one(file):
    assert is_recorded(file, OF_HELLO)
    file.write_text("hello!")
    assert not is_recorded(file, OF_HELLO)
    file.unlink()
    assert not is_recorded(file, OF_HELLO)


@pytest.fixture
def code(tmp_path):
    """A package whose modules are ordered otherwise by names than by paths, and what Python compiled."""
    folder = tmp_path / "code"
    for name in (
        "b.py",
        "a.py",
        "a/inner.py",
        "a-b/inner.py",
        "é.py",
        "__pycache__/a.pyc",
        "a/__pycache__/i.pyc",
        ".DS_Store",
        "a/Thumbs.db",
        "desktop.ini",
        ".ipynb_checkpoints/b.py",
        "a/b.py~",
        ".b.py.swp",
        "b.py.orig",
        "a/b.py.rej",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"# {name}\n")
    return folder


def test_the_hash_of_a_folder_is_that_of_dvc_lock(code):
    root = code.parent
    (root / "dvc.yaml").write_text("stages: {count: {cmd: touch done, deps: [code], outs: [done]}}\n")
    for command in (("git", "init", "--quiet"), ("dvc", "init", "--quiet")):
        subprocess.run(command, cwd=root, check=True)
    shutil.copy(ROOT / ".dvcignore", root)
    subprocess.run(["dvc", "repro", "--quiet"], cwd=root, check=True)
    [recorded] = read_yaml(root / "dvc.lock")["stages"]["count"]["deps"]
    assert (folder_md5(code), recorded["nfiles"]) == (recorded["md5"], 5)


@pytest.mark.parametrize("name", ["__pycache__/c.pyc", "a-b/.DS_Store", ".c.py.swo", "c.py~", "c.orig"])
def test_what_python_systems_and_editors_leave_is_no_part_of_a_folder(code, name):
    before = folder_md5(code)
    (code / name).touch()
    assert folder_md5(code) == before


def test_every_other_file_is_a_part_of_a_folder(code):
    before = folder_md5(code)
    (code / "notes.txt").touch()
    assert folder_md5(code) != before


def test_a_folder_is_recorded_while_its_files_are_the_recorded_ones(code):
    recorded = folder_md5(code)
    assert is_recorded(code, recorded)
    (code / "a.py").write_text("# another\n")
    assert not is_recorded(code, recorded)
    assert not is_recorded(code.parent / "gone", recorded)
    assert not is_recorded(code, OF_HELLO)


def test_a_folder_too_large_to_be_read_is_recorded_while_it_is_there(code, monkeypatch):
    monkeypatch.setattr(hashes, "LARGEST", 10)
    assert folder_md5(code) is None
    assert is_recorded(code, f"{OF_HELLO}.dir")
    assert not is_recorded(code.parent / "gone", f"{OF_HELLO}.dir")


def test_line_ends_that_git_converted_are_told_from_an_edit(code, file):
    of_folder, of_file = folder_md5(code), md5(b"one\n")
    assert not is_converted(code, of_folder)
    (code / "a.py").write_bytes((code / "a.py").read_bytes().replace(b"\n", b"\r\n"))
    file.write_bytes(b"one\r\n")
    assert is_converted(code, of_folder)
    assert is_converted(file, of_file)
    for path in (code / "a.py", file):
        path.write_bytes(b"another\r\n")
    assert not is_converted(code, of_folder)
    assert not is_converted(file, of_file)


@pytest.mark.parametrize("wanted", [OF_HELLO, f"{OF_HELLO}.dir"])
def test_a_name_that_no_file_can_have_is_of_none_that_is_recorded(tmp_path, wanted):
    assert not is_recorded(tmp_path / ("x" * 300), wanted)
    assert not is_recorded(tmp_path / "a\0b", wanted)
