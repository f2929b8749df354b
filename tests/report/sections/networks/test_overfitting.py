from __future__ import annotations

from gridpress.report.data.study import Study
from gridpress.report.sections.networks.overfitting import train_validation_gaps
from report.builder import PATIENT, parameters, peaking, write_study


def test_every_run_has_its_gap_after_the_last_epoch(study):
    table, _ = train_validation_gaps(study)
    assert table.data["runs"].sum() == len(study.train)
    assert "after the last epoch, in points" in table.caption


def test_runs_that_stopped_early_are_counted_at_the_epoch_that_was_kept(tmp_path):
    content = parameters(datasets=["mnist"], train={"epochs": 9}, **PATIENT)
    study = Study.load(write_study(tmp_path, content, peaking))
    table, _ = train_validation_gaps(study)
    assert table.data["runs"].sum() == len(study.train)
    assert "after the last epoch (with early stopping: the epoch kept)" in table.caption
