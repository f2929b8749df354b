"""A made-up computer, and deviates that are the same in every run of the tests."""

from __future__ import annotations

import zlib

import numpy as np

from gridpress.system.machine import Machine

MACHINE = Machine(
    processor="Example CPU",
    processor_family=None,
    vector_extensions=["avx2"],
    physical_cores=2,
    logical_cores=4,
    usable_cores=4,
    memory_bytes=8 << 30,
    gpus=[],
    operating_system="Example OS",
    kernel="Linux 6.1",
    versions={"python": "3.11.7", "torch": "2.14.1"},
    environment={},
    preloaded=[],
    load_average=None,
)


def rng(*key: object) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(repr(key).encode()))
