"""Results, code and parameters are held against what dvc.lock records of them."""

from __future__ import annotations

import hashlib

import pytest

from checking import few
from gridpress.checks.setup.results import wanted
from gridpress.checks.verify import locked
from gridpress.checks.verify.committed import shown
from gridpress.config.params import parse_params
from gridpress.learning_curves.chosen import CHOSEN
from gridpress.pipeline.dvc.hashes import folder_md5
from gridpress.pipeline.lockfile.entries import dump
from gridpress.pipeline.lockfile.places import lock
from gridpress.stages import runs_by_name
from made_up import DECLARED
from report.builder import write_study

CODE = "src/gridpress/data/splits.py"


@pytest.fixture
def params(content_of_smoke):
    return parse_params(few(content_of_smoke), DECLARED)


def recorded(study, *paths):
    return [
        {
            "path": shown(study, path),
            "hash": "md5",
            "md5": hashlib.md5(path.read_bytes()).hexdigest(),
            "size": path.stat().st_size,
        }
        for path in paths
    ]


@pytest.fixture
def study(content_of_smoke, params, tmp_path):
    """Every result is recorded; all runs depend on one file of code and one parameter."""
    project = write_study(tmp_path / "study", few(content_of_smoke))
    code = project.root / CODE
    code.parent.mkdir(parents=True)
    code.write_text("one\n")
    for path in (project.summary, project.curves, project.final):
        path.write_text("{}\n")
    entries = {}
    for name, (stage, run) in runs_by_name(params).items():
        results = [stage.record_path(project, run.key), stage.timing_path(project, run.key)]
        entries[name] = {
            "cmd": "gridpress",
            "deps": recorded(project, code),
            "params": {"params.yaml": {"data.seed": 42}},
            "outs": recorded(project, *results),
        }
    runs = {out["path"] for entry in entries.values() for out in entry["outs"]}
    chosen = project.metrics / CHOSEN
    rest = [
        path
        for _, path in wanted(project, params)
        if shown(project, path) not in runs and path.parent != chosen
    ]
    rest += [project.summary, project.curves, project.final]
    folder = {"path": shown(project, chosen), "hash": "md5", "md5": folder_md5(chosen)}
    entries["rest"] = {"cmd": "gridpress", "outs": [*recorded(project, *rest), folder]}
    lock(project).write_text(dump(entries))
    return project


@pytest.fixture
def faults(study, params):
    return lambda: [*locked.faults(study, params)]


def test_of_an_untouched_study_nothing_is_said(faults):
    assert faults() == []


@pytest.mark.parametrize("text", [None, "stages: [\n"])
def test_a_dvc_lock_that_is_missing_or_broken_is_all_that_is_said(study, faults, text):
    lock(study).unlink() if text is None else lock(study).write_text(text)
    [fault] = faults()
    assert fault.startswith("dvc.lock: missing; " if text is None else "dvc.lock: DVC could not read it; ")
    assert fault.endswith("`gridpress check` says what brings it back")


def some_record(study):
    path = min((study.metrics / "train").iterdir())
    return path, shown(study, path)


def test_a_result_that_is_gone_is_named_with_the_command_that_brings_it_back(study, faults):
    path, name = some_record(study)
    path.unlink()
    assert faults() == [f"{name}: missing, but dvc.lock records it; `git checkout {name}` brings it back"]


def test_an_edited_result_is_named_with_both_hashes(study, faults):
    path, name = some_record(study)
    before = hashlib.md5(path.read_bytes()).hexdigest()
    path.write_text(path.read_text() + " ")
    after = hashlib.md5(path.read_bytes()).hexdigest()
    assert faults() == [f"{name}: not the file that dvc.lock records (MD5 {before}, found {after})"]


def test_a_result_that_dvc_never_saw_is_named(study, faults):
    lock(study).write_text(lock(study).read_text().replace("path: metrics/summary.json", "path: other.json"))
    said = "metrics/summary.json: dvc.lock does not record it; `gridpress repro` computes it under DVC"
    assert faults() == [said]


def test_changed_code_is_named_once_with_the_number_of_runs_that_used_it(study, faults):
    (study.root / CODE).write_text("two\n")
    assert faults() == [
        f"{CODE}: changed since 6 runs used it; `gridpress repro` asks before it computes again"
    ]


def test_a_changed_parameter_is_named_once_with_the_number_of_runs_that_used_it(study, faults):
    study.params.write_text(study.params.read_text().replace("seed: 42", "seed: 43"))
    said = "params.yaml, data.seed: changed since 6 runs used it; `gridpress repro` computes again"
    assert faults() == [said]


def test_what_dvc_lock_records_of_runs_that_are_not_asked_for_is_no_matter(study, params):
    fewer = params.model_copy(update={"svm": params.svm.model_copy(update={"configs": {}})})
    (study.root / CODE).write_text("two\n")
    [fault] = locked.faults(study, fewer)
    assert "since 4 runs used it" in fault
