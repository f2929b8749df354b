from __future__ import annotations

from conftest import DECLARED
from gridpress.benchmark.unmeasurable import unmeasurable
from gridpress.config.params import parse_params


def found(smoke, **changes):
    smoke["hardware"]["measure"].update(changes)
    return [*unmeasurable(parse_params(smoke, DECLARED))]


def test_of_networks_that_take_all_sizes_nothing_is_said(smoke):
    assert found(smoke) == []
    assert found(smoke, models=["mlp", "resnet18"]) == []


def test_a_network_is_named_with_the_size_that_it_cannot_take(smoke):
    [fault] = found(smoke, models=["resnet18", "vit_b_16"], image_size=28)
    assert fault.startswith("params.yaml: hardware.measure.models: vit_b_16 cannot take images of 28 px")


def test_the_first_network_is_measured_at_all_sizes_of_the_scaling(smoke):
    scaling = smoke["hardware"]["measure"]["scaling"] | {"image_sizes": [20, 24, 32]}
    faults = found(smoke, models=["vit_b_16", "resnet18"], image_size=32, scaling=scaling)
    assert len(faults) == 2
    assert all("vit_b_16 cannot take images of" in fault for fault in faults)
    assert all(fault.endswith("scaling.image_sizes are for the first of them.") for fault in faults)
