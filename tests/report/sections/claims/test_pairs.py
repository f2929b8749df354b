"""Evidence of trained classifiers turns around with their accuracies, and says so where one is absent."""

from __future__ import annotations

import pytest

from gridpress.report.data.study import Study
from gridpress.report.sections.claims import pairs
from gridpress.report.sections.claims.evidence import Evidence
from report.builder import parameters, write_study

GRID = {"model": ["resnet18"], "batch_size": [16, 32], "learning_rate": [0.001]}
RBF, POLY = ({"kernel": "rbf"}, {"kernel": "poly", "degree": 2})
SVMS = {
    f"{shape['kernel']}-{gamma}": {**shape, "C": 1.0, "gamma": gamma}
    for shape in (POLY, RBF)
    for gamma in ("scale", "auto")
}


@pytest.fixture
def study(tmp_path):
    """Two networks with each optimizer, RBF and polynomial SVMs at two gammas; all of accuracy 0.9."""

    def made(network=lambda _run, _epoch: 0.9, svm=lambda _run: 0.9, grid=None, svms=SVMS) -> Study:
        content = parameters(datasets=["mnist"], train={"grid": GRID | (grid or {})}, svm={"configs": svms})
        return Study.load(write_study(tmp_path / str(len(list(tmp_path.iterdir()))), content, network, svm))

    return made


def adam(gain):
    return lambda run, _epoch: 0.9 + gain * (run.optimizer == "adam")


@pytest.mark.parametrize(
    ("gain", "said"),
    [(0.06, "2 and behind in 0"), (-0.06, "0 and behind in 2"), (0, "0 and behind in 0")],
)
def test_networks_are_compared_pair_by_pair_at_the_last_milestone(study, gain, said):
    found = pairs.networks(study(adam(gain)), "optimizer", "sgd", "adam")
    assert found.words == f"Adam is ahead in {said} of 2 pairs on MNIST"
    assert len(found.intervals) == 2
    assert all((span.low > 0, span.high < 0) == (gain > 0, gain < 0) for span in found.intervals)


def test_every_seed_is_a_pair_of_its_own_and_the_intervals_hold_at_once(study):
    one = pairs.networks(study(adam(0.02)), "optimizer", "sgd", "adam")
    two = pairs.networks(study(adam(0.02), grid={"seed": [0, 1]}), "optimizer", "sgd", "adam")
    assert "of 4 pairs" in two.words
    width = [found.intervals[0].high - found.intervals[0].low for found in (one, two)]
    assert width[0] < width[1]


def test_without_a_value_there_is_nothing_to_compare(study):
    assert pairs.networks(study(grid={"optimizer": ["sgd"]}), "optimizer", "sgd", "adam") == Evidence()


def test_the_others_are_those_that_differ_in_what_is_named_and_in_nothing_else(study):
    found = pairs.others(study(adam(0.06)), "mnist", optimizer="sgd")
    assert found.words == "the other is ahead in 2 and behind in 0 of 2 pairs on MNIST"
    assert pairs.others(study(adam(0.06)), "fashion_mnist", optimizer="sgd") == Evidence()


def kernel(table):
    return table["kernel"] == "poly"


def other_kernel(table):
    return table["kernel"] == "rbf"


@pytest.mark.parametrize(("gain", "said"), [(0.06, "1 and behind in 0"), (-0.06, "0 and behind in 1")])
def test_svms_that_answer_alike_under_two_names_of_gamma_count_once(study, gain, said):
    same = {name: config for name, config in SVMS.items() if name != "rbf-auto"}
    here = study(svm=lambda run: 0.9 + gain * (run.config.kernel == "rbf"), svms=same)
    found = pairs.svms(here, kernel, other_kernel, "RBF")
    assert found.words == f"RBF is ahead in {said} of 1 pairs on MNIST"


def test_svms_without_a_partner_at_equal_c_and_gamma_are_not_compared(study):
    apart = {"poly-scale": SVMS["poly-scale"], "rbf-auto": SVMS["rbf-auto"]}
    assert pairs.svms(study(svms=apart), kernel, other_kernel, "RBF") == Evidence()


@pytest.mark.parametrize(("gain", "sign"), [(0.06, "+6.00"), (-0.06, "−6.00")])
def test_what_validation_chooses_at_two_values_is_compared(study, gain, sign):
    found = pairs.choices(study(adam(gain)), "optimizer", "sgd", "adam")
    assert found.words.startswith(f"{sign} points on MNIST (")
    assert found.words.endswith(" in single runs, best Adam minus best SGD")
    (interval,) = found.intervals
    assert (interval.low > 0, interval.high < 0) == (gain > 0, gain < 0)


def test_of_several_seeds_an_interval_reaches_as_far_as_that_over_seeds(study):
    def scattered(run, _epoch):
        return 0.9 + (run.optimizer == "adam") * (0.01 if run.seed else 0.09)

    found = pairs.choices(
        study(scattered, grid={"seed": [0, 1], "batch_size": [16]}), "optimizer", "sgd", "adam"
    )
    assert "single runs" not in found.words
    assert found.words.startswith("+5.00 points")
    assert found.intervals[0].low < 0  # two seeds so far apart say nothing


def test_a_choice_that_was_not_trained_is_named(study):
    found = pairs.choices(study(grid={"optimizer": ["sgd"]}), "optimizer", "sgd", "adam")
    assert found == Evidence("optimizer SGD and Adam were not both trained")


def test_each_kind_has_the_answers_and_the_time_of_its_choice(study):
    found = pairs.kinds(study(adam(0.06)), ["optimizer"])
    assert found.keys() == {("mnist", ("sgd",)), ("mnist", ("adam",))}
    ahead, behind = found["mnist", ("adam",)], found["mnist", ("sgd",)]
    assert (len(ahead.answers.wrong), len(behind.answers.wrong)) == (40, 100)
    interval, ratio = ahead.against(behind, comparisons=1)
    assert 0 < interval.low < 0.06 < interval.high
    assert ratio == 1


@pytest.mark.parametrize(("network", "svm", "sign"), [(0.95, 0.9, "+5.00"), (0.9, 0.93, "−3.00")])
def test_the_best_network_is_held_against_the_best_svm_on_the_same_images(study, network, svm, sign):
    here = study(lambda _run, _epoch: network, lambda _run: svm)
    for found in (pairs.families(here), pairs.classifiers(here, "resnet18", "poly", "mnist")):
        assert found.words.startswith(f"{sign} points on MNIST (")
        assert ", ResNet-18 minus " in found.words
        assert (found.intervals[0].low > 0) == (network > svm)


def test_a_classifier_that_the_study_lacks_is_not_compared(study):
    assert pairs.classifiers(study(), "resnet18", "sigmoid") == Evidence()
