"""Every sentence appears, turns around or says that it cannot tell, as the records say."""

from __future__ import annotations

import re

import pytest

from gridpress.report.analysis.overfitting import FAR
from gridpress.report.contents import Contents
from gridpress.report.data.study import Study
from gridpress.report.presentation.prose import paragraphs
from gridpress.report.sections.findings.findings import facts
from gridpress.study.records.runs import TrainRecord
from report.builder import parameters, save, write_study
from report.made_up.machine import rng

GRID = {"model": ["resnet18"], "batch_size": [16, 32], "learning_rate": [0.001]}
SVMS = {"configs": {"rbf": {"kernel": "rbf", "C": 1.0, "gamma": "scale"}}}


@pytest.fixture
def findings(tmp_path):
    """The findings of a small study with given accuracies."""

    def write(network, svm=lambda _run: 0.9, grid=None, baseline=lambda _run: 0.6, **changes) -> str:
        content = parameters(
            datasets=["mnist"], train={"grid": {**GRID, **(grid or {})}}, svm=SVMS, **changes
        )
        study = Study.load(write_study(tmp_path, content, network, svm, baseline))
        return " ".join(paragraphs("findings", Contents(study), facts(study), study=study).split())

    return write


def flat(run, epoch):
    """All configurations equally good, but for the noise of a seed."""
    return 0.9 + rng(run.key, epoch).normal(0, 0.002)


def test_better_network_is_called_more_accurate(findings):
    text = findings(lambda _run, _epoch: 0.97, lambda _run: 0.9)
    assert "ResNet-18 is more accurate than the RBF SVM, by 7.00 points (uncorrected 95 % interval +" in text


def test_better_svm_turns_the_sentence_around(findings):
    text = findings(lambda _run, _epoch: 0.9, lambda _run: 0.97)
    assert "the RBF SVM is more accurate than ResNet-18, by 7.00 points (uncorrected 95 % interval +" in text


def test_a_simpler_classifier_that_is_ahead_is_recommended(findings):
    text = findings(lambda _run, _epoch: 0.85, lambda _run: 0.9, baseline=lambda _run: 0.95)
    assert "for accuracy: logistic regression (C 0.01, max_iter 1000), with the highest validation" in text
    assert "logistic regression is more accurate than ResNet-18, by 10.00 points" in text


def test_the_metric_of_the_study_is_named(findings):
    text = findings(flat, selection={"metric": "log_loss"})
    assert "with the lowest validation log loss of all" in text


def test_small_difference_is_not_distinguishable(findings):
    text = findings(lambda _run, _epoch: 0.902, lambda _run: 0.9)
    assert "ResNet-18 and the RBF SVM, is +0.20 points (" in text
    assert "and not distinguishable at this sample size (exact McNemar test" in text
    assert "more accurate than ResNet-18" not in text
    assert "more accurate than the RBF SVM" not in text


@pytest.mark.parametrize(("gain", "verb"), [(0.03, "rises"), (-0.03, "falls")])
def test_optimizer_effect_rises_or_falls(findings, gain, verb):
    text = findings(
        lambda run, epoch: flat(run, epoch) + (gain if run.optimizer == "adam" else 0),
        grid={"batch_size": [16, 32], "learning_rate": [0.001, 0.0001]},
    )
    assert re.search(rf"Optimizer, from SGD to Adam: test accuracy {verb} by \d\.\d\d points on MNIST", text)
    assert "in these single runs" in text


def test_no_effect_is_not_distinguishable(findings):
    text = findings(flat)
    assert re.search(
        r"Optimizer, from SGD to Adam: no effect is distinguishable at this sample size on MNIST "
        r"\([+−]0\.\d\d points; −\d\.\d\d to \+\d\.\d\d; it rises in \d of \d pairs\)\.",
        text,
    )


def test_effect_within_seed_noise_is_not_distinguishable(findings):
    def noisy(run, epoch):
        gain = 0.03 if run.seed == 0 else -0.02
        return flat(run, epoch) + (gain if run.optimizer == "adam" else 0)

    text = findings(noisy, grid={"seed": [0, 1]})
    assert "Optimizer, from SGD to Adam: no effect is distinguishable" in text
    assert "in these single runs" not in text


def test_quicker_equal_configuration_is_recommended(findings):
    text = findings(lambda _run, epoch: 0.9 + 0.004 * epoch)
    assert "1 epoch takes 50 % less training time than the chosen network" in text


def test_quicker_but_worse_configuration_is_not_recommended(findings):
    text = findings(lambda _run, epoch: 0.7 + 0.12 * epoch)
    assert "for less time" not in text


def test_recommendation_follows_validation(findings):
    assert "for accuracy: the RBF SVM (C 1, gamma scale), with" in findings(
        lambda _run, _epoch: 0.85, lambda _run: 0.95
    )


def test_a_kernel_is_named_once(findings):
    text = findings(lambda _run, _epoch: 0.85, lambda _run: 0.95)
    assert "the RBF SVM (C 1, gamma scale)" in text
    assert not re.search(r"RBF SVM[^.]{0,3}RBF", text)


def test_two_values_of_a_setting_are_two_changes(findings):
    def rated(run, epoch):
        return flat(run, epoch) - 0.05 * abs(run.learning_rate - 0.001) / 0.009

    text = findings(rated, grid={"learning_rate": [0.001, 0.01, 0.002]})
    assert "Learning rate, from 0.001 to 0.01: test accuracy falls by" in text
    assert "Learning rate, from 0.001 to 0.002: " in text


def test_equal_families_recommend_the_quicker_one(findings):
    text = findings(lambda _run, _epoch: 0.9, lambda _run: 0.9)
    assert "for less time: the RBF SVM (C 1, gamma scale) trains in 1.5 s, where ResNet-18 takes" in text


def test_faster_target_is_named(findings):
    assert "1.80 times as fast as `cpu-1-thread`" in findings(flat)


def test_one_target_makes_no_claim_about_speed(findings):
    target = {"device": "cpu", "precision": "fp32", "threads": 1, "memory_format": "contiguous"}
    text = findings(flat, hardware={"measure": {"targets": {"cpu-1-thread": target}}})
    assert "times as fast" not in text


def test_sentences_lead_to_their_tables(findings):
    text = findings(flat)
    for reference in ("@tbl-cross", "@tbl-effects", "@fig-speedup-epyc-2core"):
        assert reference in text


def test_a_run_that_broke_down_is_named(tmp_path):
    project = write_study(tmp_path, parameters(datasets=["mnist"], train={"epochs": 3, "milestones": [1, 3]}))
    study = Study.load(project)
    assert "below" not in paragraphs("overfitting", Contents(study), facts(study), study=study)
    key = next(iter(study.train))
    record = study.train[key].model_dump()
    record["history"][1]["validation_accuracy"], record["history"][2]["validation_accuracy"] = 0.97, 0.75
    save(TrainRecord.model_validate(record), project.record("train", key))
    study = Study.load(project)
    said = " ".join(paragraphs("overfitting", Contents(study), facts(study), study=study).split())
    assert f"1 of {len(study.train)} runs ends more than {100 * FAR:.0f} points" in said
    assert "on MNIST (97.00 %, at its end 75.00 %)." in said
