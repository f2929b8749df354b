from __future__ import annotations

import os
import signal

import pytest
import torch

from gridpress.benchmark import footprint
from gridpress.benchmark.cases import grid
from gridpress.benchmark.flops import network_cost
from gridpress.benchmark.footprint import Traffic, footprints
from gridpress.errors import GridpressError
from gridpress.networks.building.architecture import Architecture


def test_traffic_counts_what_operations_read_and_write():
    a, b = torch.zeros(10), torch.zeros(10)
    with Traffic() as traffic:
        a + b
    assert (traffic.bytes, traffic.operations) == (3 * 40, 1)


def test_traffic_counts_updates_in_place_twice_and_views_not_at_all():
    a = torch.zeros(10)
    with Traffic() as traffic:
        a.view(2, 5)
        a.add_(1)
        torch.empty(1000)
    assert (traffic.bytes, traffic.operations) == (2 * 40, 1)


def test_traffic_counts_output_arguments():
    a, out = torch.zeros(10), torch.zeros(10)
    with Traffic() as traffic:
        torch.add(a, 1, out=out)
    assert traffic.bytes >= 2 * 40


def test_footprints_come_from_processes_of_their_own(bench):
    here = bench(models=["resnet18"], optimizers=["adam"])
    training, inference = (found for _, found in footprints(here, grid(here.settings, here.targets)))
    cost = network_cost(Architecture("resnet18", here.settings.channels, 10, here.settings.image_size))
    assert inference.flops == 2 * cost.flops_torch
    first = 2 * 64 * 14 * 14 * 3 * 7 * 7 * 2  # its input needs no gradient
    assert training.flops == 3 * inference.flops - first
    weights = 4 * cost.parameters
    # gradients are written and read; Adam reads and writes weights and both of its moments
    assert training.moved > inference.moved + 8 * weights
    assert inference.moved > weights
    assert training.process_peak > inference.process_peak + 2 * weights
    assert training.device_peak is None
    assert training.operations > inference.operations > 60


def out_of_memory(*_):
    raise torch.OutOfMemoryError("CUDA out of memory")


def out_of_memory_on_apple(*_):
    raise RuntimeError("MPS backend out of memory (MPS allocated: 1 GB)")


def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    ("fault", "words"),
    [(out_of_memory, "does not fit"), (out_of_memory_on_apple, "does not fit"), (killed, "was killed")],
)
def test_a_case_without_enough_memory_is_named(bench, monkeypatch, fault, words):
    monkeypatch.setattr(footprint, "_footprint", fault)
    here = bench()
    case = grid(here.settings, here.targets)[0]
    with pytest.raises(GridpressError) as error:
        list(footprints(here, [case]))
    assert f"{case} {words}" in str(error.value)
    assert "batch_sizes" in str(error.value)
