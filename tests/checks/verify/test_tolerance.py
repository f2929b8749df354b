from __future__ import annotations

import numpy as np
import pytest

from checks.verify.conftest import edit
from gridpress.checks.verify.tolerance import SeedNoise, seed_noise, tolerance


def test_it_narrows_with_images_and_widens_with_the_noise_of_seeds():
    few, many = tolerance(0.9, 100, None), tolerance(0.9, 10_000, None)
    noisy = tolerance(0.9, 10_000, SeedNoise(deviation=0.01, degrees=16))
    assert many.half_width < few.half_width
    assert many.half_width < noisy.half_width
    assert (many.reason, noisy.reason) == ("10000 images", "10000 images, seeds")


def test_without_seeds_it_is_the_root_of_two_wilson_half_widths():
    # 90 of 100: 0.8256 to 0.9448 (Wilson)
    assert tolerance(0.9, 100, None).half_width == pytest.approx(2**0.5 * (0.9448 - 0.8256) / 2, abs=1e-4)


def test_an_accuracy_of_one_still_has_a_tolerance():
    assert tolerance(1.0, 1000, None).half_width > 0


def test_honest_results_elsewhere_stay_within_it_and_large_edits_do_not():
    rng = np.random.default_rng(0)
    images, deviation, trials = 1000, 0.01, 1000
    within = caught = 0
    for _ in range(trials):
        first, second = rng.binomial(images, rng.normal(0.9, deviation, 2).clip(0, 1)) / images
        spread = deviation * np.sqrt(rng.chisquare(16) / 16)  # as measured with 16 degrees of freedom
        allowed = tolerance(second, images, SeedNoise(spread, 16)).half_width
        within += abs(first - second) <= allowed
        caught += abs(first + 0.09 - second) > allowed
    assert within / trials > 0.94
    assert caught / trials > 0.94


def with_accuracy(milestone, accuracy):
    return milestone.model_copy(update={"test": milestone.test.model_copy(update={"accuracy": accuracy})})


def runs(network, accuracies):
    """Runs of the same model: a row per learning rate, a value per seed."""
    return [
        network.model_copy(
            update={
                "key": f"{rate}-{seed}",
                "learning_rate": rate,
                "seed": seed,
                "milestones": [with_accuracy(network.milestones[0], accuracy)],
            }
        )
        for rate, row in zip((0.1, 0.01, 0.001), accuracies, strict=False)
        for seed, accuracy in enumerate(row)
    ]


def test_seed_noise_is_pooled_within_configurations_and_leaves_the_run_itself_out(network):
    study = runs(network, [[0.90, 0.92, 0.5], [0.80, 0.82, 0.84]])
    noise = seed_noise(study[2], study, 1, "test")
    squares = 2 * 0.01**2 + 2 * 0.02**2
    assert noise.degrees == 3
    assert noise.deviation == pytest.approx((squares / 3) ** 0.5)


def test_without_repeated_seeds_there_is_no_noise(network):
    study = runs(network, [[0.9], [0.8]])
    assert seed_noise(study[0], study, 1, "test") is None
    assert seed_noise(study[0], runs(network, [[0.9, 0.8]]), 1, "test") is None


def test_other_models_and_milestones_do_not_count(network):
    study = runs(network, [[0.90, 0.92], [0.80, 0.82]])
    assert seed_noise(study[0], study, 2, "test") is None
    other = [edit(run, "model", to="resnet50") for run in study[2:]]
    assert seed_noise(study[0], [*study[:2], *other], 1, "test") is None
