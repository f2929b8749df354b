from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from gridpress.pipeline.repro.finished import Finished, Records, files_of, waiting
from gridpress.progress import progress
from gridpress.study.project import Project

NAME = "svm@mnist-rbf-C1-gscale"


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


@pytest.fixture
def records(params, made_up, project, monkeypatch):
    """Really computed ones."""
    from gridpress.pipeline.stages import svm  # noqa: PLC0415
    from gridpress.study.records.store import dumps  # noqa: PLC0415

    monkeypatch.setattr(svm, "study_images", lambda *_: made_up)
    record, timing = svm.compute(project, params, NAME.partition("@")[2], progress)
    return Records(record=dumps(record), timing=dumps(timing))


def test_a_finished_run_waits_until_it_is_discarded(project, records):
    run = Finished(NAME, "key", records)
    run.keep(project)
    assert waiting(project, {NAME: "key"}) == [run]
    run.discard(project)
    assert waiting(project, {NAME: "key"}) == []


def test_a_run_of_other_inputs_is_not_what_is_waited_for(project, records):
    Finished(NAME, "key", records).keep(project)
    assert waiting(project, {NAME: "another"}) == []


def test_half_a_file_is_no_finished_run(project, records):
    Finished(NAME, "key", records).keep(project)
    path = project.scratch / "finished" / NAME / "key.json"
    whole = path.read_bytes()
    for content in (
        whole[: len(whole) // 2],
        b"",
        b"{}",
        json.dumps({"record": "{}", "timing": "{}"}).encode(),
    ):
        path.write_bytes(content)
        assert waiting(project, {NAME: "key"}) == []
        assert not path.exists()


def test_records_of_another_run_are_refused(records):
    records.check(NAME)
    with pytest.raises(ValidationError):
        records.check("train@mnist-resnet18-16-sgd-0.001-fp32-device-default-0")
    with pytest.raises(ValueError, match="mnist-rbf-C1-gscale"):
        records.check("svm@mnist-poly2-C1-gscale")


def test_its_files_are_put_where_the_stage_writes_them(project, records):
    Finished(NAME, "key", records).place(project)
    record, timing = files_of(project, NAME)
    assert record == project.metrics / "svm" / "mnist-rbf-C1-gscale.json"
    assert (record.read_text(), timing.read_text()) == (records.record, records.timing)
