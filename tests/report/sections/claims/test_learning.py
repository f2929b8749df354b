"""How fast validation accuracy grows is told from the records of the epochs."""

from __future__ import annotations

import pytest

from gridpress.report.data.study import Study
from gridpress.report.sections.claims import learning
from gridpress.report.sections.claims.evidence import Evidence
from gridpress.study.records.runs import TrainRecord
from gridpress.study.records.store import load
from report.builder import parameters, save, write_study
from report.made_up.runs import diverged

GRID = {"model": ["resnet18"], "batch_size": [16, 32], "learning_rate": [0.001, 0.0001]}


@pytest.fixture
def study(tmp_path):
    """Trained for four epochs, of which each accuracy is given."""

    def made(accuracies, edit=lambda record: record, **grid) -> Study:
        content = parameters(
            datasets=["mnist"], train={"epochs": 4, "milestones": [], "grid": GRID | grid},
            data={"val_samples": "all", "train_eval_samples": 1000},
        )  # fmt: skip
        project = write_study(
            tmp_path / str(len(list(tmp_path.iterdir()))),
            content,
            lambda run, epoch: accuracies(run)[epoch - 1],
        )
        for path in project.record("train", "x").parent.iterdir():
            save(edit(load(TrainRecord, path)), path)
        return Study.load(project)

    return made


def alike(*accuracies):
    return lambda _run: accuracies


def test_the_final_gap_is_that_of_the_last_epoch_whatever_the_others_were(study):
    def edit(record):
        gap = {4: 0.03}
        history = [
            entry.model_copy(update={"train_accuracy": entry.validation_accuracy + gap.get(entry.epoch, 0.2)})
            for entry in record.history
        ]
        return record.model_copy(update={"history": history})

    found = learning.final_gap(study(alike(0.5, 0.6, 0.7, 0.8), edit), "mnist")
    assert found.words.startswith("+3.00 points on MNIST")
    assert found.intervals[0].low == pytest.approx(0.03, abs=1e-4)
    assert learning.final_gap(study(alike(0.5, 0.6, 0.7, 0.8)), "fashion_mnist") == Evidence()


def test_the_gain_that_is_reached_counts_from_chance(study):
    early = learning.gain_reached(study(alike(0.3, 0.5, 0.7, 0.9)), "mnist", 2)
    assert early.words.startswith("50.0 % of the final gain over chance on MNIST after 2 epochs")
    assert early.intervals[0].low == pytest.approx(0.5, abs=1e-3)
    late = learning.gain_reached(study(alike(0.1, 0.9, 0.9, 0.9)), "mnist", 1)
    assert late.words.startswith("0.0 % of")


def test_a_network_that_never_left_chance_has_no_share_of_a_gain(study):
    assert learning.gain_reached(study(alike(0.1, 0.1, 0.1, 0.1)), "mnist", 2) == Evidence()


@pytest.mark.parametrize(("last", "words"), [(0.9, "+20.00"), (0.6, "−10.00")])
def test_a_late_gain_may_be_a_loss(study, last, words):
    found = learning.late_gain(study(alike(0.3, 0.7, 0.8, last)), 2)
    assert found.words.startswith(f"{words} points after epoch 2")
    assert (found.intervals[0].low > 0) == (last > 0.7)


def test_a_training_that_ends_by_then_says_so(study):
    here = study(alike(0.3, 0.7, 0.8, 0.9))
    said = Evidence("training ends after 4 epochs")
    assert learning.late_gain(here, 4) == learning.gain_reached(here, "mnist", 4) == said
    assert learning.late_gain(here, 3) != said


def test_where_every_run_diverged_there_is_no_gain(study):
    here = study(alike(0.3, 0.7, 0.8, 0.9), lambda record: diverged(record, 3))
    assert learning.late_gain(here, 2) == learning.gain_reached(here, "mnist", 2) == Evidence()


@pytest.mark.parametrize(("gain", "sign"), [(0.04, "+4.00"), (-0.04, "−4.00")])
def test_the_early_lead_is_adams_after_one_epoch_at_the_lowest_learning_rate(study, gain, sign):
    def accuracies(run):
        lead = (gain if run.learning_rate == 0.0001 else 0.1) * (run.optimizer == "adam")
        return (0.5 + lead, 0.6, 0.7, 0.8)

    found = learning.early_lead(study(accuracies))
    assert found.words.startswith(f"{sign} points on MNIST")
    assert found.words.endswith(" after the first epoch")
    assert learning.early_lead(study(accuracies, optimizer=["adam"])) == Evidence()
