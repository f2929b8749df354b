from __future__ import annotations

from gridpress.report.analysis.timed_cases import cases
from gridpress.report.sections.hardware.dashboard import training_steps
from report.made_up.reading import MACHINE, items


def test_alternative_text_names_extremes(study):
    alt = items(study)[f"fig-dashboard-{MACHINE}"].alt
    assert "The shortest training step takes" in alt
    assert "ResNet-18 with" in alt
    assert "The largest speedup is 1.80 times, cpu-all-threads over cpu-1-thread." in alt


def test_only_training_steps_of_the_first_batch_size_are_shown(build):
    study = build(hardware={"measure": {"batch_sizes": [16, 32]}})
    here = training_steps(cases(study), study.hardware[MACHINE])
    assert set(here["phase"]) == {"training"}
    assert set(here["batch_size"]) == {16}
