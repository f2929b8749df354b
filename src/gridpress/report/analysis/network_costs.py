"""What networks cost at sizes that no record holds, counted on the networks themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

from gridpress.benchmark.cost import Cost
from gridpress.networks.building.architecture import Architecture


@cache
def cost(wanted: Architecture) -> Cost:
    """Parameters, and one image's forward pass in each of three conventions; see `flops.network_cost`."""
    from gridpress.benchmark.flops import network_cost  # noqa: PLC0415  torch takes seconds to import

    with _one_thread():
        return network_cost(wanted)


def costs(name: str, channels: int, classes: int, image_sizes: Iterable[int]) -> dict[int, Cost]:
    """By image size; without the sizes that the network cannot take."""
    sized = (Architecture(name, channels, classes, size) for size in image_sizes)
    return {each.image_size: cost(each) for each in sized if _takes_images(each)}


@cache
def _takes_images(wanted: Architecture) -> bool:
    from gridpress.networks.building.objection import objection  # noqa: PLC0415

    return objection(wanted) is None


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
