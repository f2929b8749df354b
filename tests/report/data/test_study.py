from __future__ import annotations

import json

import pytest

from gridpress.errors import GridpressError
from gridpress.report.contents import Contents
from gridpress.report.data.frames import configurations
from gridpress.report.data.study import Study
from gridpress.study.grid import train_runs
from gridpress.study.records.store import save
from report.builder import parameters, write_study
from report.made_up.runs import diverged


def test_reads_exactly_the_records_that_params_names(tmp_path):
    project = write_study(tmp_path, parameters())
    extra = project.record("train", "mnist-resnet18-64-sgd-0.1-fp32-device-default-0")
    extra.write_text("{}", encoding="utf-8")
    study = Study.load(project)
    assert set(study.train) == set(train_runs(study.params))
    assert study.missing == []


def test_one_row_per_run_and_milestone(study):
    assert len(study.runs) == len(study.train_runs) * len(study.test_epochs)
    row = study.runs.iloc[3]
    record = study.train[row["key"]]
    milestone = next(m for m in record.milestones if m.epoch == row["epoch"])
    assert row["test_accuracy"] == milestone.test.accuracy
    assert row["wrong"] == len(milestone.test.misclassified.index)


def test_training_time_adds_up_to_the_milestone(study):
    row = study.runs[study.runs["epoch"] == 2].iloc[0]
    assert row["training_seconds"] == sum(study.timings["train"][row["key"]].training_seconds[:2])


def test_missing_and_diverged_runs_have_states_and_no_numbers(project, tmp_path):
    other = write_study(tmp_path / "other", parameters())
    gone, lost = list(train_runs(Study.load(project).params))[:2]
    other.record("train", gone).unlink()
    record = Study.load(project).train[lost]
    save(diverged(record, 2), other.record("train", lost))
    study = Study.load(other)
    states = study.runs.set_index(["key", "epoch"])["state"]
    assert states[gone, 1] == states[gone, 2] == "missing"
    assert (states[lost, 1], states[lost, 2]) == ("measured", "diverged")
    accuracies = study.runs.set_index(["key", "epoch"])["test_accuracy"].isna()
    assert (accuracies[gone, 1], accuracies[lost, 1], accuracies[lost, 2]) == (True, False, True)
    assert study.missing == [f"metrics/train/{gone}.json"]


@pytest.mark.parametrize(
    ("kind", "key", "other"),
    [
        ("train", "mnist-resnet18-16-sgd-0.001-fp32-device-default-0", {"epochs": 7}),
        ("train", "mnist-resnet18-16-sgd-0.001-fp32-device-default-0", {"test_samples": 14000}),
        ("svm", "mnist-rbf-C1-gscale", {"scaling": "none"}),
    ],
)
def test_a_record_of_other_parameters_counts_as_missing(tmp_path, kind, key, other):
    project = write_study(tmp_path, parameters())
    path = project.record(kind, key)
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | other), encoding="utf-8")
    study = Study.load(project)
    assert study.missing == [f"metrics/{kind}/{key}.json"]
    table = study.runs if kind == "train" else study.svms
    assert set(table.loc[table["key"] == key, "state"]) == {"missing"}
    assert dict(Contents(study))


def test_broken_record_is_named(tmp_path):
    project = write_study(tmp_path, parameters())
    path = project.record("svm", "mnist-rbf-C1-gscale")
    path.write_text("{", encoding="utf-8")
    with pytest.raises(GridpressError, match=r"rbf-C1-gscale\.json"):
        Study.load(project)


def test_seeds_are_averaged(build):
    study = build(datasets=["mnist"], train={"grid": {"seed": [0, 1, 2]}})
    first = study.configurations.iloc[0]
    mine = study.runs[study.runs["key"].isin(first["keys"]) & (study.runs["epoch"] == first["epoch"])]
    assert first["seeds"] == len(mine) == 3
    assert first["test_accuracy"] == pytest.approx(mine["test_accuracy"].mean())
    assert first["test_accuracy_sd"] == pytest.approx(mine["test_accuracy"].std())


def test_choice_ignores_test_accuracy(study):
    scrambled = study.runs.assign(
        test_accuracy=study.runs["test_accuracy"].sample(frac=1, random_state=1).to_numpy()
    )
    assert configurations(scrambled, "accuracy")["chosen"].equals(study.configurations["chosen"])
    assert configurations(scrambled, "accuracy")["chosen_for_model"].equals(
        study.configurations["chosen_for_model"]
    )


def test_one_choice_per_dataset_and_it_has_the_highest_validation_accuracy(study):
    groups = dict([*study.configurations.groupby("dataset")])
    assert groups.keys() == {"mnist", "fashion_mnist"}
    for here in groups.values():
        best = here[here["chosen"]]
        assert len(best) == 1
        assert best["validation_accuracy"].item() == here["validation_accuracy"].max()


def test_partly_finished_configuration_is_no_candidate(tmp_path):
    project = write_study(tmp_path, parameters(datasets=["mnist"], train={"grid": {"seed": [0, 1]}}))
    study = Study.load(project)
    best = study.configurations[study.configurations["chosen"]].iloc[0]
    project.record("train", best["keys"][0]).unlink()
    after = Study.load(project).configurations
    assert after.loc[best.name, "state"] == "missing"
    assert not after.loc[best.name, "chosen"]
