from __future__ import annotations

import hashlib
import json

import pytest

from gridpress.lockfile.entries import dump
from gridpress.report.contradictions import contradictions
from gridpress.report.study import Study

from .builder import parameters, write_study
from .test_document import printed

NETWORK = "train/mnist-resnet18-16-sgd-0.001-fp32-device-0.json"
SVM = "svm/mnist-rbf-C1-gscale.json"


@pytest.fixture
def project(tmp_path):
    """A study that dvc.lock records."""
    project = write_study(tmp_path / "study", parameters(datasets=["mnist"]))
    outs = [
        {"path": path.relative_to(project.root).as_posix(), "md5": hashlib.md5(path.read_bytes()).hexdigest()}
        for path in sorted(project.metrics.rglob("*.json"))
    ]
    (project.root / "dvc.lock").write_text(dump({"all": {"cmd": "gridpress", "outs": outs}}))
    return project


def edit(project, name, change):
    path = project.metrics / name
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def test_records_as_they_were_computed_have_none(project):
    study = Study.load(project)
    assert contradictions(study) == {}
    assert "Do not trust these results" not in printed(study)


def test_an_accuracy_that_its_own_list_contradicts_is_named_at_the_top_of_the_page(project):
    edit(project, NETWORK, lambda record: record["milestones"][-1].update(test_accuracy=0.9915))
    edit(project, SVM, lambda record: record.update(test_accuracy=0.9915))
    study = Study.load(project)
    found = contradictions(study)
    assert set(found) == {f"metrics/{NETWORK}", f"metrics/{SVM}"}
    assert "test_accuracy is 0.9915, but" in found[f"metrics/{SVM}"]
    text = printed(study)
    assert text.lstrip().startswith('::: {.note title="Do not trust these results"}')
    assert "2 records cannot be right: edited by hand" in text
    assert "`gridpress verify` tells more" in text


def test_a_consistent_edit_contradicts_dvc_lock(project):
    edit(project, NETWORK, lambda record: record["history"][0].update(loss=0.5))
    edit(project, f"timing/{SVM}", lambda timing: timing.update(fit_seconds=0.001))
    found = contradictions(Study.load(project))
    assert set(found) == {f"metrics/{NETWORK}", f"metrics/timing/{SVM}"}
    assert all(fault.startswith("not the file that dvc.lock records") for fault in found.values())


@pytest.mark.parametrize("text", [None, "", "stages: [", dump({})])
def test_what_dvc_lock_does_not_know_is_no_contradiction(project, text):
    if text is None:
        (project.root / "dvc.lock").unlink()
    else:
        (project.root / "dvc.lock").write_text(text)
    edit(project, NETWORK, lambda record: record["history"][0].update(loss=0.5))
    assert contradictions(Study.load(project)) == {}
