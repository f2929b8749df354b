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
from report.builder import FRACTIONS, parameters, write_study


def test_every_classifier_has_every_size_with_all_seeds_below_all_images(with_curves):
    found = sizes(with_curves)
    names = [*dict.fromkeys(size.classifier for size in found)]
    assert names[:4] == ["resnet18", "resnet50", "poly", "rbf"]
    for name in names:
        here = [size for size in found if size.classifier == name]
        assert [size.fraction for size in here] == FRACTIONS
        assert [size.images for size in here] == [245, 980, 4900, 49000]
        network = here[0].family is NETWORKS
        assert [len(size.seeds) for size in here] == [3, 3, 3, 3 if network else 1]
        assert [size.epochs for size in here] == ([8, 2, 2, 2] if network else [None] * 4)


def test_intervals_are_over_seeds_and_of_one_fit_over_test_images(with_curves):
    few, every = (
        next(size for size in sizes(with_curves) if (size.classifier, size.fraction) == ("rbf", fraction))
        for fraction in (0.005, 1)
    )
    assert few.interval == mean_interval(few.accuracies)
    [seed] = every.seeds
    tested = seed.tested.test
    assert every.interval == wilson(tested.images - len(tested.misclassified.index), tested.images)


def test_final_models_are_those_on_all_images_with_the_seed_that_validation_prefers(with_curves):
    found = final_models(with_curves)
    assert {best.trained_on for best in found} == {49000}
    [network] = [best for best in found if best.classifier == "resnet18"]
    assert network.keys == tuple(f"mnist-resnet18-1.0-{seed}" for seed in (0, 1, 2))
    assert (network.folder, network.seeds, network.epoch) == ("learning_curve/network", 3, 2)
    records = {key: with_curves.points[network.folder][key].results[0] for key in network.keys}
    best = max(records, key=lambda key: records[key].milestones[-1].validation.accuracy)
    assert network.key == best
    assert network.test == records[best].milestones[-1].test
    assert network.training_seconds == pytest.approx(2 * 490)
    assert [one.classifier for one in found if one.seeds == 1] == [
        one.classifier for one in found if one.family is not NETWORKS
    ]


def test_saturation_is_the_longer_training_with_what_was_tested_on_the_way(with_curves):
    [found] = saturation(with_curves)
    assert [state.tested.epoch for state in found.states] == [2, 4, 8, 9]
    assert (found.best.trained_on, found.best.epoch, found.best.seeds) == (49000, 9, 1)
    assert found.shorter == found.states[0]


def test_without_points_there_is_nothing(tmp_path):
    study = Study.load(write_study(tmp_path, parameters(datasets=["mnist"])))
    assert (sizes(study), final_models(study), [*saturation(study)]) == ([], [], [])
