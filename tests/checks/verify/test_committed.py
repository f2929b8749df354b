"""The runs are read as they lie in the folder, and what cannot be read is named."""

from __future__ import annotations

import pytest

from checking import few
from gridpress.checks.verify import committed
from gridpress.config.params import parse_params
from gridpress.study.records.store import load
from gridpress.study.records.timings import TrainTiming
from made_up import DECLARED
from report.builder import write_study

TRAIN = "train@mnist-resnet18-16-sgd-0.001-fp32-device-default-0"
SVM = "svm@mnist-rbf-C1-gscale"


@pytest.fixture
def params(content_of_smoke):
    return parse_params(few(content_of_smoke), DECLARED)


@pytest.fixture
def study(content_of_smoke, tmp_path):
    return write_study(tmp_path / "study", few(content_of_smoke))


def paths(study, name):
    kind, _, key = name.partition("@")
    return study.record(kind, key), study.timing(kind, key)


def test_every_run_is_read_by_name_with_its_bytes_and_its_machine(study, params):
    found, faults = committed.read(study, params)
    assert faults == []
    assert {TRAIN, SVM} <= found.keys()
    assert len(found) == 6
    run = found[TRAIN]
    record, timing = paths(study, TRAIN)
    assert (run.name, run.stage.stage, run.record.key) == (TRAIN, "train", run.run.key)
    assert run.content == record.read_bytes()
    assert run.machine == load(TrainTiming, timing).machine


def test_a_run_that_is_not_computed_yet_is_no_fault(study, params):
    paths(study, TRAIN)[0].unlink()
    found, faults = committed.read(study, params)
    assert (TRAIN in found, len(found), faults) == (False, 5, [])


def test_a_record_that_cannot_be_read_is_named_below_the_study_and_the_others_are_read(study, params):
    record, _ = paths(study, SVM)
    record.write_text("{")
    found, faults = committed.read(study, params)
    assert (SVM in found, len(found)) == (False, 5)
    [fault] = faults
    assert fault.startswith(f"metrics/svm/{SVM.partition('@')[2]}.json")
    assert str(study.root) not in fault


@pytest.mark.parametrize("text", [None, "{"])
def test_without_a_timing_record_no_machine_is_known_but_the_run_is_read(study, params, text):
    _, timing = paths(study, TRAIN)
    timing.unlink() if text is None else timing.write_text(text)
    found, faults = committed.read(study, params)
    assert found[TRAIN].machine is None
    assert len(found) == 6
    [fault] = faults
    assert "metrics/timing/train/" in fault


def test_a_path_is_shown_as_git_and_dvc_name_it(study):
    assert committed.shown(study, study.summary) == "metrics/summary.json"
