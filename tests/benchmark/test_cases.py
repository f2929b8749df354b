from __future__ import annotations

import pytest

from conftest import DECLARED
from gridpress.benchmark.cases import SvmCase, grid, svm_cases, svm_sweeps, sweeps
from gridpress.config.params import parse_params
from gridpress.errors import InputError


def test_every_combination_is_one_case(measure):
    settings = measure(models=["resnet18", "resnet34"], optimizers=["sgd", "adam"], batch_sizes=[2, 4])
    cases = grid(settings, ["a", "b", "c"])
    assert len(cases) == len(set(cases)) == 2 * (2 + 1) * 2 * 3
    assert sum(case.phase == "inference" for case in cases) == 2 * 2 * 3


def test_a_sweep_changes_one_size_only(measure):
    settings = measure()
    by_batch, by_pixels = sweeps(settings, "one")
    assert by_batch.sizes == settings.scaling.batch_sizes
    assert by_pixels.sizes == [size**2 for size in settings.scaling.image_sizes]
    assert {case.image_size for case in by_batch.cases} == {settings.image_size}
    assert {case.batch_size for case in by_pixels.cases} == {settings.batch_sizes[0]}
    assert (by_batch.held, by_pixels.held) == (settings.image_size**2, settings.batch_sizes[0])


def test_svms_grow_in_images_and_in_pixels(measure):
    by_count, by_pixels = svm_sweeps(measure(), 28)
    assert (by_count.sizes, by_count.held) == ([20, 40, 80], 28**2)
    assert (by_pixels.sizes, by_pixels.held) == ([7**2, 14**2, 28**2], 80)
    assert {case.way for case in [*by_count.cases, *by_pixels.cases]} == {"own"}


def test_the_study_s_way_is_held_against_the_same_fit(measure):
    settings = measure()
    settings.scaling.svm_image_sizes[:] = [7, 14, 20]
    *others, study = svm_cases(settings, 28)
    assert study == SvmCase("study", 80, 28)
    assert study._replace(way="own") in others
    assert len(set(others)) == len(others) == 6


def test_no_target_no_cases(measure):
    assert grid(measure(), []) == []


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ([40, 80], "three or more rising"),
        ([80, 40, 160], "three or more rising"),
    ],
)
def test_sizes_that_give_no_exponent_are_refused(smoke, sizes, words):
    smoke["hardware"]["measure"]["scaling"]["svm_samples"] = sizes
    with pytest.raises(InputError, match=words):
        parse_params(smoke, DECLARED)
