from __future__ import annotations

import pytest

from gridpress.config.params import load_params
from gridpress.report.data.study import Study
from report.builder import parameters, save, write_study
from report.made_up.hardware import hardware_record
from report.made_up.reading import MACHINE, items, prose


def test_two_machines_stand_beside_each_other(tmp_path):
    project = write_study(tmp_path, parameters(hardware={"machines": [MACHINE, "slow"]}))
    save(hardware_record(load_params(project.params), "slow", factor=2.0), project.record("hardware", "slow"))
    study = Study.load(project)
    found = items(study)
    data = found["tbl-machines-beside"].data
    assert data["ratio slow"].to_numpy() == pytest.approx(0.5, rel=0.05)
    assert (data["ratio_low slow"] < data["ratio slow"]).all()
    groups = [(header.text, header.columns) for header in found["tbl-machines-beside"].head[0][-2:]]
    assert groups == [(MACHINE, 2), ("slow", 3)]
    assert "Fastest: epyc-2core for 9 of 9" in found["fig-machines"].alt
    assert "compare the machines on the 9 workloads" in prose(study)


def test_machines_that_measured_other_sizes_are_not_compared(tmp_path):
    project = write_study(tmp_path, parameters(hardware={"machines": [MACHINE, "small"]}))
    record = hardware_record(load_params(project.params), "small")
    settings = record.settings.model_copy(update={"image_size": 28})
    save(record.model_copy(update={"settings": settings}), project.record("hardware", "small"))
    study = Study.load(project)
    assert "tbl-machines-beside" not in items(study)
    assert "so they are not compared" in prose(study)
