from __future__ import annotations

from torchvision import models

from gridpress.networks import names


def test_the_networks_are_those_that_torchvision_classifies_images_with():
    assert sorted(names.TORCHVISION) == models.list_models(module=models)


def test_our_own_are_the_files_of_their_folder_and_none_has_the_name_of_one_of_torchvision():
    assert names.OWN == ("lenet5", "mlp", "resnet20", "small_cnn")
    assert set(names.OWN).isdisjoint(names.TORCHVISION)


def test_each_network_has_the_file_that_makes_it():
    assert names.source("resnet18") == names.source("vgg11") == names.FOLDER / "torchvision.py"
    assert names.source("lenet5") == names.FOLDER / "own" / "lenet5.py"
    assert all(names.source(name).is_file() for name in names.NETWORKS)
