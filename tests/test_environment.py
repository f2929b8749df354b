from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import environment
from conftest import ROOT


@pytest.fixture
def root(tmp_path):
    """A folder with a package that needs nothing."""
    folder = tmp_path / "my study – ü's"
    folder.mkdir()
    (folder / "pyproject.toml").write_text('[project]\nname = "tiny"\nversion = "1"\n')
    (folder / "constraints.txt").write_text("")
    return folder


@pytest.fixture
def prepared(root):
    """Prepares it; says how often something was installed."""
    calls: list[Path] = []

    def prepare(folder: Path = root) -> int:
        before = len(calls)
        environment.prepare(str(folder), lambda python: calls.append(Path(python)))
        return len(calls) - before

    return prepare


def script(folder: Path, name: str = "gridpress") -> None:
    """As pip writes one in a folder whose name holds a space."""
    path = folder / ".venv" / "bin" / name
    path.write_text(f"#!/bin/sh\n'''exec' \"{folder}/.venv/bin/python\" \"$0\" \"$@\"\n' '''\n")


def test_it_is_made_once(prepared, root):
    assert prepared() == 1
    assert prepared() == 0
    assert subprocess.run([root / ".venv/bin/python", "-m", "pip", "--version"], check=True).returncode == 0


def test_other_pins_are_installed(prepared, root):
    prepared()
    (root / "constraints.txt").write_text("six==1.17.0\n")
    assert prepared() == 1


def test_an_interrupted_installation_goes_on(prepared, root):
    prepared()
    (root / ".venv" / "ready").unlink()
    kept = root / ".venv" / "kept"
    kept.touch()
    assert prepared() == 1
    assert kept.exists()


def test_an_environment_of_another_folder_is_made_again(prepared, root, capsys):
    prepared()
    script(root)
    moved = root.with_name("moved")
    root.rename(moved)
    assert prepared(moved) == 1
    assert ".venv was made for another folder: it is made again" in capsys.readouterr().err
    assert not (moved / ".venv" / "bin" / "gridpress").exists()


def test_a_copied_environment_is_made_again(prepared, root, tmp_path):
    prepared()
    shutil.copytree(root, tmp_path / "copy", symlinks=True)
    assert prepared(tmp_path / "copy") == 1


def test_an_environment_whose_python_is_gone_is_made_again(prepared, root, capsys):
    prepared()
    for python in (root / ".venv" / "bin").glob("python*"):
        python.unlink()
    assert prepared() == 1
    assert ".venv has no Python that starts" in capsys.readouterr().err


def test_an_environment_whose_python_was_upgraded_gets_everything_again(prepared, root):
    prepared()
    [libraries] = (root / ".venv" / "lib").glob("python3*")
    libraries.rename(libraries.with_name("python3.1"))
    assert prepared() == 1
    assert subprocess.run([root / ".venv/bin/python", "-m", "pip", "--version"], check=True).returncode == 0


def test_an_environment_that_was_moved_up_is_made_again(prepared, root):
    inner = root / "my study – ü's"  # whose path ends as that of the folder does
    inner.mkdir()
    for name in environment.PINS:
        shutil.copy(root / name, inner)
    prepared(inner)
    script(inner)
    (inner / ".venv").rename(root / ".venv")
    assert prepared() == 1
    assert not (root / ".venv" / "bin" / "gridpress").exists()


def test_an_environment_without_pip_gets_it(prepared, root):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root / ".venv"], check=True)
    assert prepared() == 1
    assert subprocess.run([root / ".venv/bin/python", "-m", "pip", "--version"], check=True).returncode == 0


@pytest.mark.parametrize("left", [True, False], ids=["half of it left", "nothing left"])
def test_where_python_cannot_make_one_the_package_that_helps_is_named_and_nothing_is_left(
    root, tmp_path, monkeypatch, left
):
    lame = tmp_path / "python"
    begin = 'mkdir -p "$3/bin"; ' if left else ""
    lame.write_text(f"#!/bin/sh\n{begin}exit 1\n")
    lame.chmod(0o755)
    monkeypatch.setattr(sys, "_base_executable", str(lame), raising=False)
    with pytest.raises(environment.Refusal, match="sudo apt install python3-venv"):
        environment.prepare(str(root))
    assert not (root / ".venv").exists()


def test_an_environment_that_cannot_get_pip_is_not_left(root, monkeypatch):
    monkeypatch.setattr(environment, "works", lambda *command: command[-1] == "")  # but it starts
    with pytest.raises(environment.Refusal, match="python3-venv"):
        environment.prepare(str(root))
    assert not (root / ".venv").exists()


def test_a_python_that_is_too_old_is_named(root, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    with pytest.raises(environment.Refusal, match=r"needs Python 3\.11 or newer, and this is 3\.9"):
        environment.prepare(str(root))


@pytest.mark.parametrize(
    ("name", "said"), [('a "b"', "a double quote"), ("a:b", "a colon"), ("a\nb", "a line end")]
)
def test_a_folder_that_pip_cannot_serve_is_refused(tmp_path, name, said):
    (tmp_path / name).mkdir()
    with pytest.raises(environment.Refusal, match=f"with {said} in its name; rename it"):
        environment.prepare(str(tmp_path / name))


def test_make_says_it_in_one_line(tmp_path):
    folder = tmp_path / 'a "study"'
    folder.mkdir()
    for name in ("Makefile", "environment.py", *environment.PINS):
        shutil.copy(ROOT / name, folder)
    done = subprocess.run(["make", "test"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "with a double quote in its name; rename it" in done.stderr.splitlines()[0]
    assert "Traceback" not in done.stderr


BACKEND = """
import zipfile

FILES = {
    "tiny.py": "",
    "tiny-1.dist-info/METADATA": "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\nProvides-Extra: dev\\n",
    "tiny-1.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    "tiny-1.dist-info/RECORD": "",
}

def build_editable(folder, settings=None, metadata=None):
    with zipfile.ZipFile(f"{folder}/tiny-1-py3-none-any.whl", "w") as wheel:
        for name, text in FILES.items():
            wheel.writestr(name, text)
    return "tiny-1-py3-none-any.whl"
"""


PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "tiny"
version = "1"
optional-dependencies = {dev = []}
"""


def test_make_heals_the_environment_of_a_folder_that_was_moved(root):
    """Its Python is the first on the PATH of make, and is deleted."""
    (root / "backend.py").write_text(BACKEND)
    (root / "pyproject.toml").write_text(PROJECT)
    for name in ("Makefile", "environment.py"):
        shutil.copy(ROOT / name, root)
    subprocess.run(["make", "environment"], cwd=root, check=True, capture_output=True)
    moved = root.with_name("moved")
    root.rename(moved)
    done = subprocess.run(["make", "environment"], cwd=moved, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "was made for another folder: it is made again" in done.stderr
    installed_in(moved)


@pytest.mark.parametrize("setting", ["PIP_USER", "PYTHONPATH", "user = true"])
def test_settings_that_lead_pip_and_python_elsewhere_are_left_out(root, tmp_path, monkeypatch, setting):
    broken = tmp_path / "module load"
    broken.mkdir()
    (broken / "pip.py").write_text("raise SystemExit('another pip')\n")
    if setting == "user = true":
        (tmp_path / "pip.conf").write_text("[global]\nuser = true\n")
        monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    else:
        monkeypatch.setenv(setting, str(broken) if setting == "PYTHONPATH" else "1")
    monkeypatch.chdir(root)
    (root / "backend.py").write_text(BACKEND)
    (root / "pyproject.toml").write_text(PROJECT)
    environment.prepare(str(root))
    installed_in(root)


def installed_in(root):
    found = [str(root / ".venv" / "bin" / "python"), "-c", "import tiny; print(tiny.__file__)"]
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(found, cwd="/", env=surroundings, check=True, capture_output=True, text=True)
    assert done.stdout.startswith(str(root / ".venv"))


def test_what_commands_import_is_kept_compiled_whatever_python_is_told_elsewhere(tmp_path, monkeypatch):
    noted = tmp_path / "noted"
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\necho "$PYTHONDONTWRITEBYTECODE|$1|$2" >> "{noted}"\n')
    python.chmod(0o755)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    environment.compile_imported(str(python))
    statements = [line.split("|") for line in noted.read_text().splitlines()]
    assert len(statements) == 3
    for without, option, statement in statements:
        assert (without, option) == ("", "-c")
        subprocess.run([sys.executable, "-c", statement], check=True)
