from __future__ import annotations

import pytest

from gridpress.families.networks import NETWORKS
from gridpress.report.analysis.learning_curves import (
    final_models,
    saturation,
    sizes,
)
from gridpress.report.data.study import Study
from gridpress.stats.intervals import mean_interval, wilson
from report.builder import parameters, write_study

FRACTIONS = [0.005, 0.02, 0.1, 1.0]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Three seeds; networks gain more of more images, and are behind with few."""
    content = parameters(
        datasets=["mnist"],
        train={"grid": {"model": ["resnet18", "resnet50"], "seed": [0, 1, 2]}},
        learning_curve={"fractions": FRACTIONS, "epochs": [9]},
    )
    return Study.load(write_study(tmp_path_factory.mktemp("curves") / "study", content))


def test_every_classifier_has_every_size_with_all_seeds_below_all_images(study):
    found = sizes(study)
    names = [*dict.fromkeys(size.classifier for size in found)]
    assert names[:4] == ["resnet18", "resnet50", "poly", "rbf"]
    for name in names:
        here = [size for size in found if size.classifier == name]
        assert [size.fraction for size in here] == FRACTIONS
        assert [size.images for size in here] == [245, 980, 4900, 49000]
        network = here[0].family is NETWORKS
        assert [len(size.seeds) for size in here] == [3, 3, 3, 3 if network else 1]
        assert [size.epochs for size in here] == ([8, 2, 2, 2] if network else [None] * 4)


def test_intervals_are_over_seeds_and_of_one_fit_over_test_images(study):
    few, every = (
        next(size for size in sizes(study) if (size.classifier, size.fraction) == ("rbf", fraction))
        for fraction in (0.005, 1)
    )
    assert few.interval == mean_interval(few.accuracies)
    [seed] = every.seeds
    tested = seed.tested.test
    assert every.interval == wilson(tested.images - len(tested.misclassified.index), tested.images)


def test_final_models_are_those_on_all_images_with_the_seed_that_validation_prefers(study):
    found = final_models(study)
    assert {best.trained_on for best in found} == {49000}
    [network] = [best for best in found if best.classifier == "resnet18"]
    assert network.keys == tuple(f"mnist-resnet18-1.0-{seed}" for seed in (0, 1, 2))
    assert (network.folder, network.seeds, network.epoch) == ("learning_curve/network", 3, 2)
    records = {key: study.points[network.folder][key].results[0] for key in network.keys}
    best = max(records, key=lambda key: records[key].milestones[-1].validation.accuracy)
    assert network.key == best
    assert network.test == records[best].milestones[-1].test
    assert network.training_seconds == pytest.approx(2 * 490)
    assert [one.classifier for one in found if one.seeds == 1] == [
        one.classifier for one in found if one.family is not NETWORKS
    ]


def test_saturation_is_the_longer_training_with_what_was_tested_on_the_way(study):
    [found] = saturation(study)
    assert [state.tested.epoch for state in found.states] == [2, 4, 8, 9]
    assert (found.best.trained_on, found.best.epoch, found.best.seeds) == (49000, 9, 1)
    assert found.shorter == found.states[0]


def test_without_points_there_is_nothing(tmp_path):
    study = Study.load(write_study(tmp_path, parameters(datasets=["mnist"])))
    assert (sizes(study), final_models(study), [*saturation(study)]) == ([], [], [])
