from __future__ import annotations

import pytest
import torch

from conftest import DECLARED
from gridpress.config.params import parse_params
from gridpress.study.grid import train_runs
from gridpress.training.preparation import fastest_form, input_pipeline, untrained
from gridpress.training.setup import Setup


@pytest.fixture
def setup_of(smoke):
    def setup_of(**recipe):
        smoke["recipes"]["default"] |= recipe
        params = parse_params(smoke, DECLARED)
        return Setup.of(next(iter(train_runs(params).values())), params)

    return setup_of


def test_a_small_stem_is_built_where_the_recipe_asks_for_it(setup_of):
    assert untrained(setup_of(stem="small"), 10, None).conv1.kernel_size == (3, 3)


def test_pooling_is_deterministic_where_the_device_would_refuse_it(setup_of):
    def pooling_on(device):
        model = untrained(setup_of(), 10, None)
        model.avgpool = torch.nn.Sequential(torch.nn.AdaptiveAvgPool2d(2), torch.nn.AdaptiveAvgPool2d(1))
        fastest_form(model, setup_of(), torch.device(device))
        return type(model.avgpool[0]).__name__

    assert (pooling_on("cpu"), pooling_on("cuda")) == ("AdaptiveAvgPool2d", "MatrixPool2d")


def test_images_are_normalised_by_the_training_images_or_as_pretrained_weights_were(setup_of, made_up):
    images, splits = made_up
    ours = input_pipeline(setup_of(), images, splits, torch.contiguous_format)
    assert ours.mean == (pytest.approx(images.pixels[splits.train].mean() / 255),)
    theirs = input_pipeline(setup_of(weights="pretrained"), images, splits, torch.contiguous_format)
    assert theirs.mean == (0.485, 0.456, 0.406)
