from __future__ import annotations

import subprocess
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torchvision import models as torchvision_models

from conftest import DECLARED
from end_to_end.conftest import IDENTITY
from gridpress.config.params import parse_params
from gridpress.errors import GridpressError
from gridpress.publish.weights import choose, commit, confirm, full_kernels, initial, recorded, train_again
from gridpress.study import expected
from gridpress.study.grid import train_runs
from gridpress.study.project import Project
from gridpress.study.records.runs import TrainRecord
from gridpress.study.records.store import save
from gridpress.training.loop import evaluation_batches, predict


@pytest.fixture
def trained(smoke, made_up):
    """A run of one epoch on made-up images, its parameters and its network."""

    def train(model="resnet18", weight_decay=0.0):
        smoke["optimizers"]["sgd"]["weight_decay"] = weight_decay
        grid = smoke["train"]["grid"] | {"model": [model], "optimizer": ["sgd"]}
        settings = {"channels": 3, "epochs": 1, "milestones": [1], "grid": grid}
        params = parse_params(smoke | {"train": smoke["train"] | settings}, DECLARED)
        run = next(iter(train_runs(params).values()))
        return run, params, train_again(run, params, *made_up, epoch=1)

    return train


@pytest.mark.parametrize("model", ["resnet18", "resnet50"])
def test_full_kernels_load_into_plain_torchvision_and_give_the_recorded_answers(trained, made_up, model):
    run, params, session = trained(model)
    plain = torchvision_models.get_model(model, num_classes=10)
    plain.load_state_dict(full_kernels(session.model, initial(run, params)))
    test = made_up[1].test
    batches = (session.pipeline(session.pixels[batch]) for batch in evaluation_batches(test))
    answers = predict(plain.eval(), batches)
    wrong = answers != made_up[0].labels[test]
    recorded = session.progress.milestones[-1]["misclassified"]
    order = np.argsort(test[wrong])
    assert test[wrong][order].tolist() == recorded["index"]
    assert answers[wrong][order].tolist() == recorded["predicted"]


def test_dead_taps_keep_their_initial_values_and_live_ones_are_trained(trained):
    run, params, session = trained()
    before = initial(run, params).state_dict()
    kernel = full_kernels(session.model, initial(run, params))["layer4.1.conv2.weight"]
    drawn = before["layer4.1.conv2.weight"]
    dead = torch.ones(3, 3, dtype=torch.bool)
    dead[1, 1] = False
    assert torch.equal(kernel[:, :, dead], drawn[:, :, dead])
    assert not torch.equal(kernel[:, :, 1, 1], drawn[:, :, 1, 1])
    assert torch.equal(kernel[:, :, 1:2, 1:2], session.model.state_dict()["layer4.1.conv2.weight"])


def test_with_weight_decay_every_tap_is_the_trained_one(trained):
    run, params, session = trained(weight_decay=0.1)
    kernels = full_kernels(session.model, initial(run, params))
    assert all(torch.equal(kernels[name], value) for name, value in session.model.state_dict().items())


@pytest.fixture
def repeated(smoke, tmp_path):
    """A study of two configurations with two seeds: writes records with these validation accuracies."""

    def write(accuracies):
        smoke["train"]["grid"]["seed"] = [0, 1]
        params, project = parse_params(smoke, DECLARED), Project(tmp_path)
        runs = [run for run in train_runs(params).values() if run.dataset == "mnist"]
        for run in runs:
            milestones = [
                {
                    "epoch": epoch,
                    "train_accuracy": 1.0,
                    "validation_accuracy": accuracy,
                    "test_accuracy": 1.0,
                    "misclassified": {"index": [], "predicted": []},
                }
                for epoch, accuracy in enumerate(accuracies[run.optimizer][run.seed], start=1)
            ]
            record = TrainRecord(
                schema_version=TrainRecord.current,
                key=run.key,
                **expected.train_fields(run, params) | {"device": "cpu"},
                parameters=1,
                diverged_at_epoch=None,
                history=[],
                milestones=milestones,
            )
            save(record, project.record("train", run.key))
        return choose(recorded(project, params, "mnist", "resnet18"))

    return write


def test_the_configuration_of_the_highest_mean_is_chosen_and_of_its_seeds_the_best(repeated):
    choice = repeated({"sgd": [[0.5, 0.99], [0.5, 0.1]], "adam": [[0.6, 0.7], [0.6, 0.8]]})
    assert (choice.run.optimizer, choice.run.seed, choice.milestone.epoch) == ("adam", 1, 2)


def test_a_network_that_diverges_here_is_not_confirmed_by_an_earlier_milestone(repeated, tmp_path):
    choice = repeated({"sgd": [[0.5, 0.9], [0.5, 0.9]], "adam": [[0.6, 0.8], [0.6, 0.8]]})
    earlier = choice.milestone.model_dump() | {"epoch": 1}  # as accurate, but not what was chosen
    session = SimpleNamespace(progress=SimpleNamespace(milestones=[earlier]), device=torch.device("cpu"))
    with pytest.raises(GridpressError, match="trained again it gives a run that diverges"):
        confirm(Project(tmp_path), choice, session, [choice.run])


def test_where_no_run_reached_a_milestone_there_is_nothing_to_export(repeated):
    with pytest.raises(GridpressError, match="no run of resnet18 on mnist reached a milestone"):
        repeated({"sgd": [[], []], "adam": [[], []]})


def test_the_commit_is_named_with_local_changes_if_there_are_any(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert commit(tmp_path) == "unknown: not in a Git repository"
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)

    def git(*arguments):
        done = subprocess.run(["git", *arguments], cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    git("init", "--quiet")
    file = tmp_path / "file"
    file.write_text("one")
    git("add", "file")
    git("commit", "--quiet", "--message", "one")
    (tmp_path / "untracked").write_text("does not count")
    assert commit(tmp_path) == git("rev-parse", "HEAD")
    file.write_text("two")
    assert commit(tmp_path) == git("rev-parse", "HEAD") + " with local changes"
