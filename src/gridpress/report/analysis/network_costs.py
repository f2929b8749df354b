"""What networks cost at sizes that no record holds, counted on the networks themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

from gridpress.benchmark.cost import Cost
from gridpress.networks.building.architecture import Architecture


@cache
def cost(name: str, channels: int, classes: int, image_size: int) -> Cost:
    """Parameters, and one image's forward pass in each of three conventions; see `flops.network_cost`.

    Args:
        name: such as `resnet18`.
        channels: of the input images.
        classes: the number of logits.
        image_size: pixels a side of the input images.
    """
    from gridpress.benchmark.flops import network_cost  # noqa: PLC0415  torch takes seconds to import

    with _one_thread():
        return network_cost(name, channels, classes, image_size)


def costs(name: str, channels: int, classes: int, image_sizes: Iterable[int]) -> dict[int, Cost]:
    """By image size; without the sizes that the network cannot take."""
    possible = (s for s in image_sizes if _takes_images(Architecture(name, channels, classes, s)))
    return {size: cost(name, channels, classes, size) for size in possible}


@cache
def _takes_images(wanted: Architecture) -> bool:
    from gridpress.networks.building.objection import objection  # noqa: PLC0415

    return objection(wanted) is None


@cache
def forward_flops(wanted: Architecture) -> int:
    """fvcore's count of one image's forward pass through a network of any stem."""
    import torch  # noqa: PLC0415

    from gridpress.benchmark.flops import fvcore_flops  # noqa: PLC0415
    from gridpress.networks.building.build import build  # noqa: PLC0415

    images = torch.zeros(1, wanted.channels, wanted.image_size, wanted.image_size)
    with _one_thread():
        return fvcore_flops(build(wanted, seed=0), images)


@cache
def has_dead_taps(wanted: Architecture) -> bool:
    """Whether some taps of the network's kernels only ever meet padding; see `taps.keep_live_taps`."""
    from gridpress.networks.building.build import build, parameter_count  # noqa: PLC0415
    from gridpress.training.taps import keep_live_taps  # noqa: PLC0415

    with _one_thread():
        live = keep_live_taps(build(wanted, seed=0), wanted.channels, wanted.image_size)
        return sum(parameter.numel() for parameter in live.parameters()) < parameter_count(wanted)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Several threads that wait for each other on a busy machine take ten times as long for one image."""
    import torch  # noqa: PLC0415

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
