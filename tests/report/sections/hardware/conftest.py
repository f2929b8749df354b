from __future__ import annotations

import pytest

from gridpress.config.params import load_params
from gridpress.report.data.study import Study
from gridpress.study.project import Project
from report.builder import parameters, save, write_study
from report.made_up.hardware import hardware_record

from .reading import MACHINE


@pytest.fixture
def mutable(tmp_path) -> Project:
    return write_study(tmp_path / "study", parameters())


@pytest.fixture
def with_gpu(mutable) -> Study:
    save(
        hardware_record(load_params(mutable.params), MACHINE, ("cpu", "cuda")),
        mutable.record("hardware", MACHINE),
    )
    return Study.load(mutable)


@pytest.fixture
def unmeasured(mutable) -> Study:
    mutable.record("hardware", MACHINE).unlink()
    return Study.load(mutable)
