"""What was condensed from the records is held against what they give."""

from __future__ import annotations

import json

import numpy as np
import pytest

from checking import few
from gridpress.checks.verify import committed, summarized
from gridpress.config.params import parse_params
from gridpress.data.loading import Images
from gridpress.pipeline.stages import summarize
from made_up import DECLARED
from report.builder import write_study
from report.made_up.runs import LABELS

FILES = ["summary", "curves", "images"]


@pytest.fixture
def params(content_of_smoke):
    return parse_params(few(content_of_smoke), DECLARED)


@pytest.fixture
def study(content_of_smoke, tmp_path, monkeypatch):
    """Summarised, of images that are all grey."""
    grey = Images(np.broadcast_to(np.uint8(9), (len(LABELS), 1, 28, 28)), LABELS, classes=10)
    monkeypatch.setattr(summarize, "verified_images", lambda *_: grey)
    project = write_study(tmp_path / "study", few(content_of_smoke))
    summarize.run(project)
    return project


@pytest.fixture
def faults(study, params):
    return lambda: [*summarized.faults(study, params, committed.read(study, params)[0])]


def test_what_the_records_give_is_no_fault(faults):
    assert faults() == []


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_the_records_do_not_give_is_named_with_what_helps(study, faults, name):
    path = getattr(study, name)
    path.write_text(path.read_text() + " ")
    said = f"metrics/{name}.json: not what the records give; `gridpress summarize` writes it again"
    assert faults() == [said]
    summarize.run(study)
    assert faults() == []


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_there_is_no_fault_of_the_records(study, faults, name):
    getattr(study, name).unlink()
    assert faults() == []


def test_other_records_give_other_files(study, faults):
    path = next((study.metrics / "train").iterdir())
    record = json.loads(path.read_text())
    record["milestones"][-1]["validation"]["accuracy"] = record["history"][-1]["validation_accuracy"] = 1.0
    path.write_text(json.dumps(record))
    files = [line.partition(":")[0] for line in faults()]
    assert files[:2] == ["metrics/summary.json", "metrics/curves.json"]


def test_while_records_are_missing_nothing_is_said(study, faults):
    study.summary.write_text("edited")
    assert len(faults()) == 1
    next((study.metrics / "svm").iterdir()).unlink()
    assert faults() == []
