"""A finished result is never removed before its successor is finished, whoever runs the stage."""

from __future__ import annotations

import pytest
import torch

from pipeline.conftest import SGD, edit, entries, records

NO_GPU = pytest.mark.skipif(torch.cuda.is_available(), reason="the run that must fail would succeed")


@NO_GPU
@pytest.mark.parametrize("command", [["repro"], ["exp", "run"]], ids=" ".join)
def test_a_stage_that_fails_under_dvc_leaves_the_old_result_and_records_nothing(computed, plain, command):
    edit(computed.project.params, lambda params: params["train"].update(device="cuda"))
    said = computed.call("dvc", *command, code=255)
    assert "train.device is cuda, which this machine lacks" in said
    assert records(computed) == records(plain)
    assert entries(computed) == entries(plain)
    assert computed.call("git", "status", "--porcelain").split() == ["M", "params.yaml"]
    assert SGD in computed.call("dvc", "status")


def test_data_in_place_are_verified_and_not_fetched_again_whatever_is_forced(computed):
    (computed.root / "nowhere").mkdir()
    said = computed.call(
        "env", "GRIDPRESS_DATA=nowhere", "dvc", "repro", "--force", "--single-item", "fetch@mnist"
    )
    assert "all 4 files are in place and verified" in said
    assert "up to date" in computed.call("dvc", "status", "fetch@mnist")


def test_every_result_of_a_stage_persists():
    from conftest import ROOT  # noqa: PLC0415
    from gridpress.config.yaml_file import read_yaml  # noqa: PLC0415

    stages = read_yaml(ROOT / "dvc.yaml")["stages"]
    deleted = [
        f"{name}: {out}"
        for name, stage in stages.items()
        for out in [*stage.get("outs", []), *stage.get("metrics", [])]
        if isinstance(out, str) or not all(options.get("persist") for options in out.values())
    ]
    assert deleted == [
        "report: {'report/manifest.json': {'cache': False}}"
    ]  # the report comes from the results
