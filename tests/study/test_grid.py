from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from conftest import DECLARED, FROZEN, ROOT
from gridpress.config.params import load_params, parse_params
from gridpress.errors import InputError
from gridpress.stages import stage_names
from gridpress.study.grid import baseline_runs, find, kind_of, svm_runs, train_runs


def test_keys_are_the_names_that_dvc_gives_its_stages(tmp_path):
    def dvc(*words):
        command = ["dvc", *words]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    shutil.copytree(FROZEN.root, tmp_path, dirs_exist_ok=True)
    shutil.copy(ROOT / "dvc.yaml", tmp_path)
    params = load_params(tmp_path / "params.yaml")
    dvc("init", "--no-scm", "--quiet")
    listed = dvc("stage", "list", "--name-only").split()
    families = {"train": train_runs, "svm": svm_runs, "baseline": baseline_runs}
    ours = [f"{stage}@{key}" for stage, runs in families.items() for key in runs(params)]
    assert sorted(name for name in listed if kind_of(name) in families) == sorted(ours)
    assert sorted(listed) == sorted(stage_names(params))


@pytest.mark.parametrize(
    ("rate", "name"), [(0.001, "0.001"), (1e-4, "0.0001"), (1e-5, "1e-05"), (1, "1"), (1e5, "100000.0")]
)
def test_a_learning_rate_is_written_as_dvc_writes_it(smoke, rate, name):
    smoke["train"]["grid"]["learning_rate"] = [rate]
    keys = list(train_runs(parse_params(smoke, DECLARED)))
    assert keys[0] == f"mnist-resnet18-16-sgd-{name}-fp32-device-default-0"


def test_the_grid_is_the_product_of_its_axes(smoke):
    grid = smoke["train"]["grid"]
    grid |= {"model": ["resnet18", "resnet50"], "batch_size": [16, 32], "seed": [0, 1, 2]}
    assert len(train_runs(parse_params(smoke, DECLARED))) == 2 * 2 * 2 * 2 * 3
    assert len({json.dumps(vars(run)) for run in train_runs(parse_params(smoke, DECLARED)).values()}) == 48


def test_a_run_that_nobody_asked_for_is_refused_by_name(params):
    with pytest.raises(InputError, match="asks for no train run named 'mnist-vgg'"):
        find(train_runs(params), "mnist-vgg", "train")
