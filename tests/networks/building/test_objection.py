from __future__ import annotations

import re
import sys

import pytest
import torch

from gridpress.networks import names, own
from gridpress.networks.building import build as building
from gridpress.networks.building import objection as judging
from gridpress.networks.building.architecture import Architecture
from gridpress.networks.building.build import build, parameter_count
from gridpress.networks.building.objection import objection

RESNET = Architecture("resnet18", channels=1, classes=10, image_size=28)

PLAIN = """
from torch import nn

def build(channels, classes, image_size):
    return nn.Sequential(nn.Flatten(), nn.Linear(channels * image_size**2, classes))
"""
BY_NUMBERS = """
import torch
from torch import nn

class Network(nn.Module):
    def __init__(self, pixels, classes):
        super().__init__()
        self.places = torch.arange(pixels)
        self.linear = nn.Linear(pixels, classes)

    def forward(self, images):
        pixels = images.flatten(1)[:, torch.arange(len(self.places))]
        return self.linear(pixels if pixels.sum() > 0 else pixels + 1)

def build(channels, classes, image_size):
    return Network(channels * image_size**2, classes)
"""


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Write the file of a network of our own; its architecture for images of MNIST."""
    monkeypatch.setattr(own, "__path__", [*own.__path__, str(tmp_path)])

    def write(text, name="made_up"):
        (tmp_path / f"{name}.py").write_text(text)
        monkeypatch.delitem(sys.modules, f"{own.__name__}.{name}", raising=False)
        for module in (building, judging):
            monkeypatch.setattr(module, "OWN", (*names.OWN, name))
        monkeypatch.setattr(judging, "source", lambda name: tmp_path / f"{name}.py")
        return Architecture(name, channels=1, classes=10, image_size=28)

    return write


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Architecture("alexnet", 3, 10, 28), r"alexnet cannot take images of 28 px \(.+\); 64 px works"),
        (Architecture("vgg11_bn", 3, 10, 28), r"vgg11_bn cannot take images of 28 px .+; 32 px works"),
        (Architecture("vit_b_16", 3, 10, 28), r"vit_b_16 cannot take images of 28 px .+; 32 px works"),
        (Architecture("lenet5", 1, 10, 8), r"lenet5 cannot take images of 8 px .+; 32 px works"),
        (
            Architecture("vit_b_16", 3, 10, 32, pretrained=True),
            r"images of 32 px .+; 224 px works",
        ),
        (Architecture("lenet5", 1, 10, 28, stem="small"), "lenet5 has no other stem, .+ `stem: standard`"),
        (Architecture("vit_b_16", 3, 10, 32, stem="small"), "vit_b_16 has no place for another stem"),
        (Architecture("vit_b_16", 3, 10, 28, stem="small"), "vit_b_16 cannot take .+; 32 px works"),
        (Architecture("mlp", 3, 10, 28, pretrained=True), "there are no pretrained weights of mlp"),
        (Architecture("resnet18", 1, 10, 28, pretrained=True), "are for 3 channels, train.channels is 1"),
        (Architecture("resnet18", 3, 10, 28, "small", pretrained=True), "are those of the standard stem"),
    ],
)
def test_what_cannot_be_trained_is_said_with_what_would_do(wanted, said):
    assert re.search(said, objection(wanted))


@pytest.mark.parametrize("name", ["resnet18", "googlenet", "regnet_y_400mf", "swin_t", *names.OWN])
def test_nothing_is_said_of_what_can_be_trained(name):
    assert objection(Architecture(name, 3, 10, 32)) is None


def test_a_network_that_gives_no_logits_is_refused(monkeypatch):
    class Several(torch.nn.Module):
        def forward(self, images):
            return images, images

    monkeypatch.setattr("gridpress.networks.building.objection.draft", lambda _: Several())
    assert "it gives no tensor of 10 logits for each image" in objection(RESNET)


@pytest.mark.extended
@pytest.mark.parametrize("name", names.NETWORKS)
def test_every_network_can_be_trained_at_some_size(name):
    sizes = [224] if name.startswith(("maxvit", "vit_h")) else [224, 96]
    assert [objection(Architecture(name, channels, 10, size)) for size in sizes for channels in (1, 3)] == [
        None
    ] * (2 * len(sizes))


def test_a_file_of_ones_own_is_a_network(written):
    wanted = written(PLAIN)
    assert objection(wanted) is None
    assert parameter_count(wanted) == 7850


def test_a_network_of_ones_own_may_compute_with_numbers(written):
    wanted = written(BY_NUMBERS)
    assert objection(wanted) is None
    assert parameter_count(wanted) == 7850
    assert build(wanted, seed=0)(torch.zeros(2, 1, 28, 28)).shape == (2, 10)


def test_judging_leaves_the_generator_as_it_was(written):
    wanted = written(PLAIN)
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    objection(wanted)
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "def make(): ...",
            r"networks/own/made_up.py has no function build\(channels, classes, image_size\)",
        ),
        ("import nowhere", r"networks/own/made_up.py cannot be imported \(No module named 'nowhere'\)"),
        ("def build(", r"networks/own/made_up.py cannot be imported \(.+\)"),
        (
            PLAIN.replace("(channels, classes, image_size)", "(classes)"),
            r"fails with images of every size .+ \(.+positional argument",
        ),
        ("from .resnet20 import build", "imports from its own folder, .+ copy what it needs into it"),
        ("from gridpress.networks.own.resnet20 import build", "imports from its own folder"),
    ],
)
def test_what_is_wrong_with_a_file_of_ones_own_is_told_of_the_file(written, text, said):
    assert re.match(
        said if said.startswith("net") else f"networks/own/made_up.py {said}", objection(written(text))
    )


def test_a_file_of_ones_own_takes_no_name_of_torchvision(written):
    wanted = written(PLAIN, name="resnet18")
    assert objection(wanted) == "networks/own/resnet18.py has the name of a network of torchvision; rename it"
