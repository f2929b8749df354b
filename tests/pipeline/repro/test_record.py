from __future__ import annotations

from math import ceil

import pytest

from gridpress.pipeline.repro import record
from gridpress.pipeline.repro.finished import Finished, Records
from gridpress.pipeline.repro.record import COST_PER_STAGE, LONGEST_WAIT, Recorder, recorded
from gridpress.study.project import Project
from pipeline.conftest import edit


@pytest.fixture
def clock(monkeypatch):
    """Seconds that a test sets."""
    now = [1000.0]
    monkeypatch.setattr(record.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def recorder(tmp_path, monkeypatch, clock):
    def take(_project, _runs) -> list[str]:
        clock[0] += 3
        return []

    monkeypatch.setattr(record, "record", take)
    return Recorder(Project(tmp_path))


def add(recorder: Recorder, number: int) -> None:
    for _ in range(number):
        recorder.add(Finished("svm@mnist-rbf-C1-gscale", "0" * 64, Records(record="{}", timing="{}")))


def test_runs_are_recorded_when_so_many_wait_that_each_costs_little(recorder):
    assert not recorder.due()
    add(recorder, ceil(1 / COST_PER_STAGE) - 1)
    assert not recorder.due()  # none was recorded yet: a batch is taken to cost a second
    add(recorder, 1)
    assert recorder.due()
    recorder.flush()
    add(recorder, ceil(3 / COST_PER_STAGE) - 1)
    assert not recorder.due()
    add(recorder, 1)
    assert recorder.due()


def test_no_other_dvc_process_gets_at_files_while_they_are_written(computed):
    data = computed.project.raw("mnist")
    with recorded(computed.project, "fetch@mnist", [data]):
        output = computed.call("dvc", "repro", "--force", "--single-item", "fetch@mnist", code=None)
        assert "data/raw/mnist' is busy" in output
        assert data.exists()
    assert "Running stage 'fetch@mnist'" in computed.call(
        "dvc", "repro", "--force", "--single-item", "fetch@mnist"
    )


def test_a_stage_that_params_yaml_does_not_name_any_more_is_not_recorded(computed):
    lock = (computed.root / "dvc.lock").read_bytes()
    with recorded(computed.project, "fetch@mnist", [computed.project.raw("mnist")]):
        edit(computed.project.params, lambda params: params.update(datasets=["fashion_mnist"]))
    assert (computed.root / "dvc.lock").read_bytes() == lock


def test_a_run_waits_for_others_a_minute_at_most(recorder, clock):
    add(recorder, 1)
    clock[0] += LONGEST_WAIT
    assert not recorder.due()
    clock[0] += 1
    assert recorder.due()
