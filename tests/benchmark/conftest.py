from __future__ import annotations

import pytest

from conftest import DECLARED
from gridpress.benchmark.workload import Bench
from gridpress.config.hardware import Measure, Target
from gridpress.config.optimizers import Optimizers
from gridpress.config.params import parse_params
from gridpress.data.loading import Images

ONE_THREAD = {"device": "cpu", "precision": "fp32", "threads": 1, "memory_format": "contiguous"}


@pytest.fixture
def target():
    """A target by its differences from fp32 on the CPU with 1 thread."""
    return lambda **changes: Target.model_validate({**ONE_THREAD, **changes})


@pytest.fixture
def measure(smoke):
    """The settings of the smoke profile, smaller still, with changes."""

    def make(**changes) -> Measure:
        content = smoke["hardware"]["measure"]
        content["targets"] = {"one": ONE_THREAD}
        content["batch_sizes"] = [2]
        content["scaling"]["svm_samples"] = [20, 40, 80]
        content["scaling"]["svm_image_sizes"] = [7, 14, 28]
        content.update(changes)
        return parse_params(smoke, DECLARED).hardware.measure

    return make


@pytest.fixture
def optimizers(params) -> Optimizers:
    return params.optimizers


@pytest.fixture
def images(made_up) -> Images:
    return made_up[0]


@pytest.fixture
def bench(measure, optimizers, images):
    """A bench of the smallest size, with changed settings."""

    def make(**changes) -> Bench:
        settings = measure(**changes)
        threads = {
            name: 1 if each.threads == "all" else each.threads for name, each in settings.targets.items()
        }
        return Bench(settings, optimizers, settings.targets, threads, images)

    return make
