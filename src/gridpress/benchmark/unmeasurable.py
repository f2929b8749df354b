"""Whether a machine can be measured with the networks that params.yaml names for it."""

from __future__ import annotations

from collections.abc import Iterator

from gridpress.config.params import Params
from gridpress.networks.building.architecture import Architecture
from gridpress.networks.building.objection import objection


def unmeasurable(params: Params) -> Iterator[str]:
    """One line for every network that cannot take images of a size that it is measured at."""
    settings = params.hardware.measure
    classes = len(params.dataset(params.datasets[0]).classes)
    first, sides = settings.models[0], settings.scaling.image_sizes
    sizes = [(name, settings.image_size) for name in settings.models] + [(first, side) for side in sides]
    for name, size in dict.fromkeys(sizes):
        if reason := objection(Architecture(name, settings.channels, classes, size)):
            where = " scaling.image_sizes are for the first of them." if size != settings.image_size else ""
            yield f"params.yaml: hardware.measure.models: {reason}.{where}"
