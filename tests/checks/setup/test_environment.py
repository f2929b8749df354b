from __future__ import annotations

import shutil

import pytest

from checking import check_in
from checks.setup.conftest import follow


def test_packages_that_are_missing_or_of_another_version_are_named(study):
    (study.root / "pyproject.toml").write_text(
        '[project]\ndependencies = ["pydantic", "Ruamel_YAML", "no-such-package[extra]>=1"]\n'
    )
    (study.root / "constraints.txt").write_text("pydantic==0.1\nruamel.yaml==0.2+cpu\nno-such-package==1\n")
    said = check_in(study.root)
    assert said.code == 1
    assert said.line("packages") == "! 1 missing, 2 of other versions"
    assert "not installed: no-such-package: `pip install" in said.err
    assert " instead of 0.1" in said.err
    assert " instead of 0.2" in said.err


def test_a_local_build_of_the_pinned_version_is_the_pinned_version(study, monkeypatch):
    (study.root / "constraints.txt").write_text("pydantic==2.14.1\nruamel.yaml==3\n")
    versions = {"pydantic": "2.14.1+cpu", "ruamel.yaml": "3"}
    monkeypatch.setattr("gridpress.checks.setup.environment.installed", versions.get)
    assert check_in(study.root).code == 0


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
@pytest.mark.parametrize("text", [None, b"\xff[", b"[project"])
def test_without_pins_it_says_what_brings_them_back(study, name, text):
    if text is None:
        (study.root / name).unlink()
    else:
        (study.root / name).write_bytes(text)
    said = check_in(study.root)
    assert said.code == 1
    follow(study, said)
    assert check_in(study.root).code == 0


def test_a_python_that_is_too_old_is_named(study):
    path = study.root / "pyproject.toml"
    path.write_text(path.read_text().replace("3.11", "3.99"))
    said = check_in(study.root)
    assert said.code == 1
    assert "but Gridpress needs >=3.99" in said.err


@pytest.mark.parametrize(
    ("script", "code", "line"),
    [
        (None, 0, "not installed: the built-in renderer is used"),
        ("echo 1.9.37", 0, "1.9.37"),
        ("echo 1.8.27", 0, "1.8.27, older than 1.9: the built-in renderer is used"),
        ("exit 3", 1, "! does not start"),
    ],
)
def test_quarto_is_optional_but_not_broken(study, tmp_path, monkeypatch, script, code, line):  # noqa: PLR0917
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "git").symlink_to(shutil.which("git"))
    (tools / "sh").symlink_to("/bin/sh")
    if script is not None:
        (tools / "quarto").write_text(f"#!/bin/sh\n{script}\n")
        (tools / "quarto").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    said = check_in(study.root)
    assert (said.code, said.line("Quarto")) == (code, line)
