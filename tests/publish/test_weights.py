from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch

from conftest import DECLARED
from gridpress.config.params import parse_params
from gridpress.errors import GridpressError
from gridpress.publish.weights import Trained, choose, confirm, recorded
from gridpress.study import expected
from gridpress.study.grid import train_runs
from gridpress.study.project import Project
from gridpress.study.records.runs import TrainRecord
from gridpress.study.records.store import save
from made_up import scored, trained
from report.builder import parameters, write_study


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


def session(milestones, diverged=None) -> Any:
    """A training here, as far as it is asked."""
    progress = SimpleNamespace(milestones=milestones, diverged_at_epoch=diverged)
    return SimpleNamespace(progress=progress, device=torch.device("cpu"))


def stopped(rate, seed, epoch, accuracy) -> Trained:
    """A run of which early stopping kept an epoch of at most nine."""
    fields = {"key": f"{rate}-{seed}", "learning_rate": rate, "seed": seed, "test_samples": 1000}
    record = trained([(scored(accuracy), scored(accuracy))], **fields, epochs=9, stopped=epoch)
    [state] = record.milestones
    record = record.model_copy(update={"milestones": [state.model_copy(update={"epoch": epoch})]})
    return Trained(f"train@{record.key}", record, None, None)


def test_the_configuration_of_the_highest_mean_is_chosen_and_of_its_seeds_the_best(repeated):
    choice = repeated({"sgd": [[0.5, 0.99], [0.5, 0.1]], "adam": [[0.6, 0.7], [0.6, 0.8]]})
    assert (choice.run.optimizer, choice.run.seed, choice.milestone.epoch) == ("adam", 1, 2)


def test_a_network_that_diverges_here_is_not_confirmed_by_an_earlier_milestone(repeated):
    choice = repeated({"sgd": [[0.5, 0.9], [0.5, 0.9]], "adam": [[0.6, 0.8], [0.6, 0.8]]})
    earlier = choice.milestone.model_dump() | {"epoch": 1}  # as accurate, but not what was chosen
    with pytest.raises(GridpressError, match="trained again it gives a run that diverges"):
        confirm(choice, session([earlier], diverged=2), [choice.of])


def test_where_no_run_reached_a_milestone_there_is_nothing_to_export(repeated):
    with pytest.raises(GridpressError, match="no run of resnet18 on mnist reached a milestone"):
        repeated({"sgd": [[], []], "adam": [[], []]})


def test_elsewhere_seeds_that_stopped_at_other_epochs_widen_the_interval():
    study = [
        stopped(0.1, 0, 5, 0.9),
        stopped(0.1, 1, 4, 0.8),
        stopped(0.2, 0, 3, 0.7),
        stopped(0.2, 1, 7, 0.5),
    ]
    choice = choose(study, "accuracy")
    assert (choice.of, choice.milestone.epoch) == (study[0], 5)
    here = choice.milestone.model_copy(update={"test": scored(0.7)})
    found, elsewhere = confirm(choice, session([here.model_dump()]), study)
    assert found == here
    assert elsewhere is not None
    assert elsewhere.tolerance.reason == "1000 images, seeds"


def test_another_best_epoch_is_not_called_divergence():
    study = [stopped(0.1, 0, 5, 0.9)]
    earlier = stopped(0.1, 0, 4, 0.9).record.milestones[0].model_dump()
    with pytest.raises(GridpressError) as error:
        confirm(choose(study, "accuracy"), session([earlier]), study)
    assert "trained again it gives a run whose best epoch until then is 4. Nothing was written." in str(
        error.value
    )
    assert "On another kind of machine early stopping may keep another epoch" in str(error.value)
    assert "diverges" not in str(error.value)


def test_final_models_come_before_the_choice_of_the_grid_with_their_own_parameters(
    tmp_path,
):
    content = parameters(
        datasets=["mnist"],
        train={"grid": {"seed": [0, 1], "model": ["resnet18"]}},
        learning_curve={"fractions": [0.02, 1.0]},
    )
    project, params = write_study(tmp_path / "study", content), parse_params(content, DECLARED)
    found = recorded(project, params, "mnist", "resnet18")
    assert [one.name for one in found] == [f"learning_curve@mnist-resnet18-1.0-{seed}" for seed in (0, 1)]
    assert {one.record.train_samples for one in found} == {49000}
    assert {one.params.used("mnist")["train"] for one in found} == {49000}
    assert found[0].machine is not None
    choice = choose(found, "accuracy")
    assert choice.run.milestones[-1] == choice.milestone
    few = parse_params(parameters(datasets=["mnist"], learning_curve={"fractions": [0.02]}), DECLARED)
    assert {one.name.partition("@")[0] for one in recorded(project, few, "mnist", "resnet18")} == {"train"}
