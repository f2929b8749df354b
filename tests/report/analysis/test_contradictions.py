from __future__ import annotations

import base64
import hashlib
import html
import json

import numpy as np
import pytest

from gridpress.pipeline.lockfile.entries import dump
from gridpress.report.analysis.contradictions import contradictions
from gridpress.report.data.study import Study
from report.builder import parameters, write_study
from report.test_document import printed

NETWORK = "train/mnist-resnet18-16-sgd-0.001-fp32-device-default-0.json"
SVM = "svm/mnist-rbf-C1-gscale.json"
DATA = "data/mnist.json"


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


def relabelled(labels, label):
    """The labels of a data record with another one for its first image."""
    changed = np.frombuffer(base64.b64decode(labels), dtype="<u2").copy()
    changed[0] = label
    return base64.b64encode(changed.tobytes()).decode()


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
    edit(project, NETWORK, lambda record: record["milestones"][-1]["test"].update(accuracy=0.9915))
    edit(project, SVM, lambda record: record["test"].update(accuracy=0.9915))
    study = Study.load(project)
    found = contradictions(study)
    assert set(found) == {f"metrics/{NETWORK}", f"metrics/{SVM}"}
    assert "test.accuracy is 0.9915, but" in found[f"metrics/{SVM}"]
    text = printed(study)
    assert text.lstrip().startswith('::: {.note title="Do not trust these results"}')
    assert "2 records cannot be right: edited by hand" in " ".join(text.split())
    assert "`gridpress verify` tells more" in text


def test_a_consistent_edit_contradicts_dvc_lock(project):
    edit(project, NETWORK, lambda record: record["history"][0].update(loss=0.5))
    edit(project, f"timing/{SVM}", lambda timing: timing.update(fit_seconds=0.001))
    found = contradictions(Study.load(project))
    assert set(found) == {f"metrics/{NETWORK}", f"metrics/timing/{SVM}"}
    assert all(fault.startswith("not the file that dvc.lock records") for fault in found.values())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data.update(class_counts=[70000]), "class_counts has 1 classes, not 10"),
        (lambda data: data.update(shape=[1, 14, 56]), "shape is [1, 14, 56], not [1, 28, 28]"),
        (lambda data: data.update(images=3, labels=data["labels"][:8]), "images is 3, not 70000"),
        (lambda data: data.update(labels=relabelled(data["labels"], 9)), "class_counts is ["),
        (
            lambda data: data.update(labels=relabelled(data["labels"], 10)),
            "labels holds 10, where there are 10",
        ),
    ],
)
def test_a_data_record_that_contradicts_itself_is_named_and_not_the_records_of_its_runs(
    project, change, said
):
    (project.root / "dvc.lock").unlink()
    edit(project, DATA, change)
    study = Study.load(project)
    (path, fault), *others = contradictions(study).items()
    assert (path, others) == (f"metrics/{DATA}", [])
    assert fault.startswith(said)


def answers_to_test(run):
    """The answers to the test images, at the first milestone of a network."""
    return run["test"] if "test" in run else run["milestones"][0]["test"]


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (
            NETWORK,
            lambda wrong: wrong.update(index=[70000], predicted=[1]),
            "image 70000, where there are 70000",
        ),
        (SVM, lambda wrong: wrong.update(index=[70000], predicted=[1]), "image 70000, where there are 70000"),
        (
            SVM,
            lambda wrong: wrong.update(index=list(range(70000)), predicted=[1] * 70000),
            "misclassified holds 70000 of ",
        ),
    ],
)
def test_a_record_that_no_table_can_be_made_from_is_left_out_and_named(project, name, change, said):
    edit(
        project, name, lambda run: change((run.get("test") or run["milestones"][0]["test"])["misclassified"])
    )
    study = Study.load(project)
    assert list(contradictions(study)) == [f"metrics/{name}"]
    assert said in contradictions(study)[f"metrics/{name}"]
    assert study.missing == [f"metrics/{name}"]


def test_records_that_no_table_can_be_made_from_leave_a_report_that_names_them(project):
    edit(project, DATA, lambda data: data.update(labels=relabelled(data["labels"], 10)))
    edit(project, SVM, lambda run: run["test"]["misclassified"].update(index=[70000], predicted=[1]))
    text = html.unescape(printed(Study.load(project)))
    assert "2 records cannot be right" in " ".join(text.split())
    assert f"- `metrics/{DATA}`: labels holds 10, where there are 10 classes" in text
    assert f"- `metrics/{SVM}`: misclassified.index holds image 70000" in text


@pytest.mark.parametrize("text", [None, "", "stages: [", dump({})])
def test_what_dvc_lock_does_not_know_is_no_contradiction(project, text):
    if text is None:
        (project.root / "dvc.lock").unlink()
    else:
        (project.root / "dvc.lock").write_text(text)
    edit(project, NETWORK, lambda record: record["history"][0].update(loss=0.5))
    assert contradictions(Study.load(project)) == {}
