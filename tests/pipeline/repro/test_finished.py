from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from gridpress.pipeline.repro.finished import Finished, Records, files_of, waiting
from gridpress.study import expected
from gridpress.study.grid import svm_runs
from gridpress.study.project import Project

NAME = "svm@mnist-rbf-C1-gscale"


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


@pytest.fixture
def records(params, made_up):
    """Really computed ones."""
    from gridpress.classical import svc  # noqa: PLC0415
    from gridpress.study.records.runs import SvmRecord  # noqa: PLC0415
    from gridpress.study.records.store import dumps  # noqa: PLC0415
    from gridpress.study.records.timings import ClassicalTiming  # noqa: PLC0415
    from gridpress.system.machine import describe  # noqa: PLC0415

    fit = svc.fit(params.svm.configs["rbf-C1-gscale"], params.svm, *made_up)
    answers = {name: getattr(fit, name) for name in SvmRecord.model_fields if hasattr(fit, name)}
    key = NAME.partition("@")[2]
    record = SvmRecord(
        schema_version=SvmRecord.current,
        key=key,
        **expected.svm_fields(svm_runs(params)[key], params),
        **answers,
    )
    timing = ClassicalTiming(
        schema_version=ClassicalTiming.current,
        key=key,
        clock="processor",
        fit_seconds=1.0,
        predict_seconds=1.0,
        machine=describe(),
    )
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
