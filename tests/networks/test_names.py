from __future__ import annotations

from torchvision import models

from gridpress.networks.names import NETWORKS


def test_the_networks_are_those_that_torchvision_classifies_images_with():
    assert sorted(NETWORKS) == models.list_models(module=models)
