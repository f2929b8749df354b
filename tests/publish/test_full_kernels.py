from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torchvision import models as torchvision_models

from conftest import DECLARED
from gridpress.config.params import parse_params
from gridpress.publish.full_kernels import full_kernels
from gridpress.study.grid import train_runs
from gridpress.training import preparation
from gridpress.training.loop import Session
from gridpress.training.prediction import evaluation_batches, predict
from gridpress.training.setup import Setup


@pytest.fixture
def trained(smoke, made_up):
    """A run of one epoch on made-up images."""

    def train(model="resnet18", weight_decay=0.0):
        smoke["optimizers"]["sgd"]["weight_decay"] = weight_decay
        grid = smoke["train"]["grid"] | {"model": [model], "optimizer": ["sgd"]}
        settings = {"channels": 3, "epochs": 1, "milestones": [1], "grid": grid}
        params = parse_params(smoke | {"train": smoke["train"] | settings}, DECLARED)
        session = Session(Setup.of(next(iter(train_runs(params).values())), params), *made_up)
        session.train_epoch(lambda: None)
        return session

    return train


def untrained(session):
    return preparation.untrained(session.setup, 10, None)


@pytest.mark.parametrize("model", ["resnet18", "resnet50"])
def test_full_kernels_load_into_plain_torchvision_and_give_the_recorded_answers(trained, made_up, model):
    session = trained(model)
    plain = torchvision_models.get_model(model, num_classes=10)
    plain.load_state_dict(full_kernels(session.model, untrained(session)))
    test = made_up[1].test
    batches = (session.pipeline(session.pixels[batch]) for batch in evaluation_batches(test))
    answers = predict(plain.eval(), batches).argmax(axis=1)
    wrong = answers != made_up[0].labels[test]
    recorded = session.progress.milestones[-1]["test"]["misclassified"]
    order = np.argsort(test[wrong])
    assert test[wrong][order].tolist() == recorded["index"]
    assert answers[wrong][order].tolist() == recorded["predicted"]


def test_dead_taps_keep_their_initial_values_and_live_ones_are_trained(trained):
    session = trained()
    before = untrained(session).state_dict()
    kernel = full_kernels(session.model, untrained(session))["layer4.1.conv2.weight"]
    drawn = before["layer4.1.conv2.weight"]
    dead = torch.ones(3, 3, dtype=torch.bool)
    dead[1, 1] = False
    assert torch.equal(kernel[:, :, dead], drawn[:, :, dead])
    assert not torch.equal(kernel[:, :, 1, 1], drawn[:, :, 1, 1])
    assert torch.equal(kernel[:, :, 1:2, 1:2], session.model.state_dict()["layer4.1.conv2.weight"])


def test_a_network_of_ones_own_may_pad_its_convolutions_by_name():
    drawn = nn.Sequential(nn.Conv2d(1, 2, 3, padding="same"))
    trained = copy.deepcopy(drawn)
    nn.init.ones_(trained[0].weight)
    assert torch.equal(full_kernels(trained, drawn)["0.weight"], torch.ones(2, 1, 3, 3))


def test_with_weight_decay_every_tap_is_the_trained_one(trained):
    session = trained(weight_decay=0.1)
    kernels = full_kernels(session.model, untrained(session))
    assert all(torch.equal(kernels[name], value) for name, value in session.model.state_dict().items())
