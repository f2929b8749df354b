"""A result is written only if what decides it is as it was when the computation began."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from conftest import FROZEN, ROOT
from gridpress.classical import svc
from gridpress.config.yaml_file import read_yaml
from gridpress.errors import GridpressError
from gridpress.pipeline.stages import baseline as baseline_stage
from gridpress.pipeline.stages import svm as svm_stage
from gridpress.pipeline.stages import train as train_stage
from gridpress.pipeline.stages.runs import fingerprint, say_versions, unchanged
from gridpress.study.project import Project
from gridpress.system.machine import describe

KEY = "mnist-rbf-C1-gscale"


@pytest.mark.parametrize(
    ("name", "stage"), [("train", train_stage), ("svm", svm_stage), ("baseline", baseline_stage)]
)
def test_the_code_that_is_watched_is_what_dvc_depends_on(name, stage):
    deps = read_yaml(ROOT / "dvc.yaml")["stages"][name]["deps"]
    named = [ROOT / dep for dep in deps if dep.startswith("src/")]
    assert {*stage.CODE} == {path for dep in named for path in (dep.rglob("*.py") if dep.is_dir() else [dep])}


def test_code_that_changes_is_noticed(tmp_path):
    module = tmp_path / "module.py"
    module.write_text("a = 1\n", encoding="utf-8")
    with unchanged("run", lambda: fingerprint([module])):
        pass
    with (
        pytest.raises(GridpressError, match=r"run: params\.yaml, .* or the code changed"),
        unchanged("run", lambda: fingerprint([module])),
    ):
        module.write_text("a = 2\n", encoding="utf-8")


@pytest.fixture
def project(tmp_path, smoke, made_up, monkeypatch) -> Project:
    def write(content):
        with (tmp_path / "params.yaml").open("w", encoding="utf-8") as file:
            YAML().dump(content, file)

    shutil.copytree(FROZEN.root / "data" / "datasets", tmp_path / "data" / "datasets")
    write(smoke)
    monkeypatch.setattr(svm_stage, "study_images", lambda *_: made_up)
    fit = svc.fit_svm

    def slow_fit(*arguments):
        if edit := edits.get("now"):
            edit(smoke)
            write(smoke)
        return fit(*arguments)

    monkeypatch.setattr(svc, "fit_svm", slow_fit)
    return Project(Path(tmp_path))


edits: dict[str, object] = {}


def test_an_edit_that_decides_the_result_leaves_nothing_written(project, monkeypatch):
    monkeypatch.setitem(edits, "now", lambda content: content["svm"].update(scaling="none"))
    with pytest.raises(GridpressError, match="changed while it was computed"):
        svm_stage.run(project, KEY)
    assert not project.record("svm", KEY).exists()


def test_an_edit_of_something_else_does_no_harm(project, monkeypatch):
    monkeypatch.setitem(edits, "now", lambda content: content["train"].update(epochs=9))
    svm_stage.run(project, KEY)
    assert project.record("svm", KEY).is_file()


def test_other_versions_than_pinned_are_one_line_on_the_terminal(capsys):
    machine = describe().model_copy(
        update={"differs_from_constraints": {"torch": "2.15.0 instead of 2.14.1"}}
    )
    say_versions(machine)
    said = capsys.readouterr().err
    assert (
        said == "Versions differ from constraints.txt, as the records say: torch 2.15.0 instead of 2.14.1\n"
    )
    say_versions(machine.model_copy(update={"differs_from_constraints": {}}))
    assert capsys.readouterr().err == ""


def test_another_order_of_a_datasets_parts_is_an_edit_that_decides_the_result(project, monkeypatch):
    def swap(_):
        path = project.root / "data" / "datasets" / "mnist.yaml"
        content = read_yaml(path)
        content["parts"].reverse()
        with path.open("w", encoding="utf-8") as file:
            YAML().dump(content, file)

    monkeypatch.setitem(edits, "now", swap)
    with pytest.raises(GridpressError, match="changed while it was computed"):
        svm_stage.run(project, KEY)
    assert not project.record("svm", KEY).exists()
