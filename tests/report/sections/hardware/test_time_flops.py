from __future__ import annotations

from gridpress.report.sections.hardware.time_flops import time_against_flops
from report.made_up.reading import MACHINE, items


def test_training_with_the_first_optimizer_stands_beside_inference(study):
    assert set(items(study)[f"fig-time-flops-{MACHINE}"].data["work"]) == {"SGD", "inference"}


def test_one_network_makes_no_line(build):
    assert list(time_against_flops(build(hardware={"measure": {"models": ["resnet18"]}}))) == []
