from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from gridpress.results.shared_errors import SHOWN, indices, most_shared_errors
from gridpress.study.records.runs import Predictions, SvmRecord, TrainRecord
from made_up import fitted, scored, trained


def asking_for(seeds: int) -> Any:
    """Parameters, as far as they are asked here."""
    return SimpleNamespace(
        train=SimpleNamespace(grid=SimpleNamespace(seed=range(seeds))),
        selection=SimpleNamespace(metric="accuracy"),
    )


def wrong(**answers) -> Predictions:
    """Misclassified images: `wrong(i3=7)` takes image 3 for class 7."""
    index = sorted(int(name[1:]) for name in answers)
    return Predictions(index=index, predicted=[answers[f"i{i}"] for i in index])


def run(key, *milestones, rate=0.1, seed=0) -> TrainRecord:
    """Milestones are pairs of validation accuracy and errors, one per epoch."""
    states = [(scored(validation), scored(wrong=errors)) for validation, errors in milestones]
    return trained(states, key=key, learning_rate=rate, seed=seed)


def svm(key, validation, errors) -> SvmRecord:
    return fitted(scored(validation), scored(wrong=errors), key=key, name=key)


def test_errors_shared_by_most_come_first_and_ties_by_index():
    chosen = run("best", (0.9, wrong(i1=1, i2=2, i3=3, i4=4)))
    other = run("other", (0.5, wrong(i4=0, i9=0)), rate=0.2)
    (network, fitted) = most_shared_errors([other, chosen, svm("m", 0.8, wrong(i4=5, i3=5))], asking_for(1))
    assert network.classifier.key == "best"
    assert network.classifiers == 3
    assert [(m.index, m.predicted, m.classifiers) for m in network.misses] == [
        (4, 4, 3),
        (3, 3, 2),
        (1, 1, 1),
        (2, 2, 1),
    ]
    assert fitted.classifier.name == "rbf"
    assert [(m.index, m.predicted, m.classifiers) for m in fitted.misses] == [(4, 5, 3), (3, 5, 2)]
    assert indices([network, fitted]) == [1, 2, 3, 4]


def test_svms_with_the_very_same_errors_are_one():
    twins = [svm("scale", 0.8, wrong(i3=5)), svm("auto", 0.8, wrong(i3=5))]
    (network, fitted) = most_shared_errors([run("best", (0.9, wrong(i3=1))), *twins], asking_for(1))
    assert (network.classifiers, fitted.classifiers) == (2, 2)
    assert [(m.index, m.classifiers) for m in fitted.misses] == [(3, 2)]


def test_the_chosen_run_counts_at_its_milestone_and_every_other_at_its_last():
    chosen = run("best", (0.9, wrong(i1=1)), (0.8, wrong(i1=1, i2=1)))
    other = run("other", (0.7, wrong()), (0.6, wrong(i1=2)), rate=0.2)
    (network,) = most_shared_errors([chosen, other], asking_for(1))
    assert network.classifier.epoch == 1
    assert network.classifiers == 2
    assert [(m.index, m.classifiers) for m in network.misses] == [(1, 2)]


def test_no_more_are_shown_than_fit_a_row():
    errors = wrong(**{f"i{i}": 0 for i in range(50)})
    (network,) = most_shared_errors([run("best", (0.9, errors))], asking_for(1))
    assert [m.index for m in network.misses] == list(range(SHOWN))


def test_a_configuration_with_a_missing_seed_is_not_chosen_but_counts():
    whole = [run(f"whole{s}", (v, wrong(i1=s)), seed=s) for s, v in enumerate((0.5, 0.6))]
    lone = run("lone", (0.9, wrong(i1=3)), rate=0.2)
    (network,) = most_shared_errors([*whole, lone], asking_for(2))
    assert network.classifier.key == "whole1"
    assert network.classifiers == 3
    assert network.misses[0].classifiers == 3


def test_test_errors_choose_no_classifier():
    first, second = run("a", (0.9, wrong(i1=1, i2=1))), run("b", (0.8, wrong(i3=1)), rate=0.2)
    swapped = run("a", (0.9, wrong(i3=1))), run("b", (0.8, wrong(i1=1, i2=1)), rate=0.2)
    assert most_shared_errors([first, second], asking_for(1))[0].classifier.key == "a"
    assert most_shared_errors(list(swapped), asking_for(1))[0].classifier.key == "a"


def test_nothing_measured_is_nothing_found():
    assert most_shared_errors([run("diverged")], asking_for(1)) == []
    assert indices([]) == []
