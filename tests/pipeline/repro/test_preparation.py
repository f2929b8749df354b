from __future__ import annotations

import pytest

from conftest import DECLARED
from gridpress.config.params import parse_params
from gridpress.errors import InputError
from gridpress.pipeline.dvc.hashes import md5
from gridpress.pipeline.repro.preparation import expected, refuse_impossible
from gridpress.pipeline.stages import network
from report.builder import parameters, write_study


def test_what_the_records_of_networks_will_be_is_known_before_they_are_written(tmp_path):
    content = parameters(datasets=["mnist"])
    project = write_study(tmp_path / "study", content)
    found = expected(project, parse_params(content, DECLARED))
    for name in ("resnet18", "resnet50"):
        network.run(project, name)
        path = project.record("network", name)
        assert found[path] == md5(path.read_bytes())


def test_what_would_fail_after_hours_is_refused_before_and_only_of_what_is_computed(smoke):
    smoke["train"]["grid"]["model"] = ["vgg11_bn"]
    params = parse_params(smoke, DECLARED)
    refuse_impossible(params, {"svm", "baseline"})
    with pytest.raises(InputError, match=r"vgg11_bn cannot take images of 28 px .+; 32 px works"):
        refuse_impossible(params, {"train", "svm"})
