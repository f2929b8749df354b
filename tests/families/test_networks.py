from __future__ import annotations

import pytest

from conftest import DECLARED, FROZEN
from gridpress.config.params import parse_params
from gridpress.families.networks import NETWORKS, Unit
from gridpress.networks import names
from made_up import at_epoch, scored, trained


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("resnet18", "ResNet-18"),
        ("wide_resnet50_2", "Wide ResNet-50-2"),
        ("resnext50_32x4d", "ResNeXt-50 32x4d"),
        ("vgg11_bn", "VGG-11-BN"),
        ("vgg16", "VGG-16"),
        ("mobilenet_v3_small", "MobileNetV3-Small"),
        ("squeezenet1_0", "SqueezeNet 1.0"),
        ("swin_t", "swin_t"),
        ("lenet5", "LeNet-5"),
        ("resnet20", "ResNet-20"),
        ("mlp", "MLP"),
        ("small_cnn", "Small CNN"),
    ],
)
def test_a_network_is_written_as_in_its_paper_or_as_torchvision_names_it(name, title):
    assert NETWORKS.title(name) == title


def test_no_two_networks_have_one_title():
    assert len({NETWORKS.title(name) for name in names.NETWORKS}) == len(names.NETWORKS)


def test_the_time_of_a_run_is_that_of_the_most_similar_one_in_proportion_to_images_epochs_and_pixels(params):
    run = next(iter(NETWORKS.runs(params).values()))
    settings = params.train
    size = settings.channels, settings.image_size
    unit = Unit(run.model, "standard", run.precision, run.batch_size, *size, augmented=False)
    work = settings.epochs * params.used(run.dataset)["train"]
    assert NETWORKS.seconds(run, params, {unit: 0.5}) == 0.5 * work
    larger = unit._replace(image_size=2 * settings.image_size)
    assert NETWORKS.seconds(run, params, {larger: 0.4}) == 0.1 * work
    assert NETWORKS.seconds(run, params, {unit: 0.5, larger: 0.4}) == 0.5 * work
    assert NETWORKS.seconds(run, params, {unit._replace(model="vgg11"): 0.5}) is None
    small, other = unit._replace(stem="small"), unit._replace(precision="bf16")
    assert NETWORKS.seconds(run, params, {small: 9, other: 0.5}) == 0.5 * work


def test_networks_that_take_no_images_of_the_study_are_named_before_anything_is_computed(smoke):
    assert [*NETWORKS.impossible(parse_params(smoke, DECLARED), FROZEN.root)] == []
    smoke["train"]["grid"]["model"] = ["resnet18", "alexnet"]
    [fault] = NETWORKS.impossible(parse_params(smoke, DECLARED), FROZEN.root)
    assert fault.startswith("params.yaml: train.grid.model: alexnet cannot take images of 28 px")
    assert fault.endswith("; 64 px works (dataset mnist, recipe default)")


def test_a_file_of_weights_that_is_not_there_is_named_before_anything_is_computed(smoke, tmp_path):
    smoke["recipes"]["default"]["weights"] = {"file": "data/weights.pth", "sha256": "0" * 64}
    smoke["train"]["channels"] = 3
    [fault] = NETWORKS.impossible(parse_params(smoke, DECLARED), tmp_path)
    assert fault.startswith("params.yaml: recipes.default.weights: cannot read ")
    assert "weights.pth, which recipe default names: No such file" in fault


def test_a_run_that_stopped_early_is_tested_once_and_took_all_its_epochs():
    record = trained([(scored(0.8), scored(0.7))], stopped=1, epochs=9, history=[*map(at_epoch, (1, 2, 3))])
    [state] = NETWORKS.tested(record)
    assert (state.epoch, state.trained, state.kept, state.test.accuracy) == (9, 3, 1, 0.7)
