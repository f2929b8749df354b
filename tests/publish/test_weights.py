from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

from conftest import DECLARED
from gridpress.config.params import parse_params
from gridpress.errors import GridpressError
from gridpress.publish.weights import choose, confirm, recorded
from gridpress.study import expected
from gridpress.study.grid import train_runs
from gridpress.study.project import Project
from gridpress.study.records.runs import TrainRecord
from gridpress.study.records.store import save
from made_up import scored


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
                    "validation": scored(accuracy),
                    "test": scored(1.0),
                }
                for epoch, accuracy in enumerate(accuracies[run.optimizer][run.seed], start=1)
            ]
            record = TrainRecord(
                schema_version=TrainRecord.current,
                key=run.key,
                **expected.train_fields(run, params) | {"device": "cpu"},
                parameters=1,
                diverged_at_epoch=None,
                stopped=None,
                history=[],
                milestones=milestones,
            )
            save(record, project.record("train", run.key))
        return choose(recorded(project, params, "mnist", "resnet18"), "accuracy")

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
