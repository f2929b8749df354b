"""A verdict follows the records: each kind of claim is shown to turn around."""

from __future__ import annotations

import pytest

from conftest import FROZEN
from gridpress.report.data.published import read_published
from gridpress.report.data.study import Study
from gridpress.report.sections.claims.checks import CHECKS
from gridpress.report.sections.claims.table import claims_table, judged
from report.builder import parameters, write_study
from report.made_up.machine import rng


def calm(run, epoch):
    """All configurations equally good, but for the noise of a seed."""
    return 0.9 + rng(run.key, epoch).normal(0, 0.002)


ALL = {"train_samples": "all", "test_samples": 14000}


@pytest.fixture
def verdict(tmp_path):
    """The verdict of one check on a study with given accuracies."""

    def judge(key, network=calm, svm=lambda _run: 0.9, **changes) -> str:
        project = write_study(
            tmp_path / str(rng(len(list(tmp_path.iterdir()))).random()),
            parameters(**changes),
            network,
            svm,
        )
        (check,) = (check for check in CHECKS if (check.study, check.beginning) == key)
        return str(check.ours(Study.load(project))[1])

    return judge


def test_every_claim_has_exactly_one_check(study):
    claims = judged(study)
    assert len(claims) == len(study.published.claims) == len(CHECKS)


@pytest.mark.parametrize(
    ("key", "axis", "value"),
    [
        (("C", "Adam consistently"), "optimizer", "adam"),
        (("D", "SGD beats Adam"), "optimizer", "sgd"),
        (("D", "Adam beats SGD"), "optimizer", "adam"),
        (("D", "Learning rate 0.001"), "learning_rate", 0.001),
        (("A", "Adam converges"), "optimizer", "adam"),
    ],
)
def test_claims_about_a_setting_follow_its_effect(verdict, key, axis, value):
    def gaining(gain):
        return lambda run, epoch: calm(run, epoch) + gain * (getattr(run, axis) == value)

    found = [verdict(key, gaining(gain)) for gain in (0.06, -0.06, 0.0)]
    assert found == ["supported", "contradicted", "not distinguishable"]


def test_a_poor_setting_is_poorer_than_every_other(verdict):
    def losing(loss):
        return lambda run, epoch: (
            calm(run, epoch) - loss * (run.optimizer == "sgd" and run.learning_rate == 0.0001)
        )

    found = [verdict(("A", "SGD with learning rate"), losing(loss)) for loss in (0.08, 0.0, -0.08)]
    assert found == ["supported", "not distinguishable", "contradicted"]


@pytest.mark.parametrize(
    ("key", "far_ahead"),
    [(("D", "ResNet-18 matches"), "supported"), (("A", "ResNet-18 is often"), "contradicted")],
)
def test_as_good_as_needs_no_lead_and_slightly_better_is_not_far_ahead(verdict, key, far_ahead):
    def gaining(gain):
        return lambda run, epoch: calm(run, epoch) + gain * (run.model == "resnet18")

    found = [verdict(key, gaining(gain)) for gain in (0.04, 0.0, -0.04)]
    assert found == [far_ahead, "supported", "contradicted"]


@pytest.mark.parametrize("beginning", ["Most ResNet", "FashionMNIST ResNet", "A polynomial SVM"])
def test_a_level_is_not_judged_on_fewer_images(verdict, beginning):
    assert verdict(("A", beginning), data={"train_samples": 48_999}) == "not measured here"


@pytest.mark.parametrize(
    ("key", "gain"),
    [
        (("A", "RBF kernels"), lambda run: 0.04 * (run.config.kernel == "rbf")),
        (("D", "The RBF kernel"), lambda run: 0.04 * (run.config.kernel == "rbf")),
        (("A", "Polynomial degree 2"), lambda run: 0.04 * (run.config.degree == 2)),
    ],
)
@pytest.mark.parametrize(("sign", "expected"), [(1, "supported"), (-1, "contradicted")])
def test_claims_about_kernels_follow_them(verdict, key, gain, sign, expected):
    def accuracy(run):
        return 0.9 + sign * gain(run) + rng(run.key).normal(0, 0.002)

    assert verdict(key, svm=accuracy) == expected


@pytest.mark.parametrize(("level", "expected"), [(0.995, "supported"), (0.95, "contradicted")])
def test_most_networks_exceed_99_percent(verdict, level, expected):
    found = verdict(("A", "Most ResNet"), lambda _run, _epoch: level, data=ALL)
    assert found == expected


@pytest.mark.parametrize(("level", "expected"), [(0.4, "supported"), (0.8, "contradicted")])
def test_cubic_kernel_stays_under_half(verdict, level, expected):
    assert verdict(("A", "A polynomial SVM"), svm=lambda _run: level, data=ALL) == expected


@pytest.mark.parametrize(
    ("network", "svm", "expected"),
    [(0.97, 0.9, "supported"), (0.9, 0.97, "contradicted"), (0.9, 0.9, "not distinguishable")],
)
def test_networks_beat_svms(verdict, network, svm, expected):
    found = verdict(("D", "ResNet beats SVM"), lambda _run, _epoch: network, lambda _run: svm)
    assert found == expected


@pytest.mark.parametrize(
    "key", [("D", "Adam beats SGD"), ("D", "ResNet-18 matches"), ("A", "The GPU trains ResNet-18")]
)
def test_what_was_not_measured_is_not_judged(verdict, key):
    grid = {"model": ["resnet18"], "optimizer": ["sgd"]}
    assert verdict(key, datasets=["mnist"], train={"grid": grid}) == "not measured here"


def test_own_tables_contradict_some_claims():
    published = read_published(FROZEN.published)
    against = {(check.study, check.beginning) for check in CHECKS if check.own(published)[1] is False}
    assert {("D", "CPU and GPU accuracy"), ("D", "Adam costs"), ("B", "SVM training takes orders")} <= against
    assert ("A", "RBF kernels") not in against


def test_own_tables_are_asked_for_what_they_print(study):
    words = {claim.claim: claim.own_words for claim in judged(study)}
    assert (
        words["Adam beats SGD on FashionMNIST (91.54 vs 90.59)"]
        == "best of each: +0.95 points on FashionMNIST"
    )
    assert (
        words["ResNet-50 costs about 4.1 GFLOPs and ResNet-18 about 1.8"] == "4109485056 and 1818558976 FLOPs"
    )
    assert words["Adam consistently outperforms SGD on both datasets"] == "prints no table"
    assert words["All experiments are fully reproducible"] == "silent"


def test_networks_of_other_recipes_than_the_published_ones_decide_nothing(tmp_path):
    def gaining(run, epoch):
        return calm(run, epoch) + 0.06 * (run.optimizer == "adam") * (1 if run.recipe == "default" else -1)

    def found(*recipes):
        content = parameters(train={"grid": {"recipe": [*recipes]}})
        study = Study.load(write_study(tmp_path / "-".join(recipes), content, gaining))
        [claim] = [claim for claim in judged(study) if claim.claim.startswith("Adam consistently")]
        (table,) = claims_table(study)
        return str(claim.verdict), "Networks of `modern`" in table.caption

    assert found("default") == ("supported", False)
    assert found("default", "modern") == ("supported", True)
    assert found("modern") == ("not measured here", True)
