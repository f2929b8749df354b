from __future__ import annotations

import math

from torchvision import models

from gridpress.networks.names import NETWORKS


def test_the_networks_are_those_that_torchvision_classifies_images_with():
    assert sorted(NETWORKS) == models.list_models(module=models)


def test_their_sizes_are_those_that_torchvision_documents():
    sizes = {name: models.get_model_weights(name).DEFAULT.meta["num_params"] for name in NETWORKS}
    assert {name: math.ceil(size / 1e5) / 10 for name, size in sizes.items()} == NETWORKS
