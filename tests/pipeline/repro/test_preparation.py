from __future__ import annotations

import pytest

from conftest import DECLARED, FROZEN
from gridpress.config.params import parse_params
from gridpress.errors import InputError
from gridpress.pipeline.dvc.hashes import md5
from gridpress.pipeline.repro.preparation import expected, refuse_files, refuse_impossible
from gridpress.pipeline.stages import network
from gridpress.study.grid import svm_runs, train_runs
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
    refuse_impossible(FROZEN, params, {"svm", "baseline"})
    with pytest.raises(InputError, match=r"vgg11_bn cannot take images of 28 px .+; 32 px works"):
        refuse_impossible(FROZEN, params, {"train", "svm"})


def test_a_file_of_weights_is_refused_where_workers_do_not_have_it(smoke):
    params = parse_params(smoke, DECLARED)
    names = [f"train@{key}" for key in train_runs(params)]
    refuse_files(FROZEN, params, names)
    smoke["recipes"]["default"]["weights"] = {"file": "data/weights.pth", "sha256": "0" * 64}
    params = parse_params(smoke, DECLARED)
    refuse_files(FROZEN, params, [f"svm@{key}" for key in svm_runs(params)])
    with pytest.raises(InputError, match=r"recipes.default.weights names data/weights.pth, which workers of"):
        refuse_files(FROZEN, params, names)
