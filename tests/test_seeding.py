from __future__ import annotations

from gridpress.seeding import seed_of


def test_it_is_the_same_on_every_machine():
    assert seed_of("mnist-resnet18-0", "order", 3) == 2174831362783250759


def test_every_run_purpose_and_epoch_has_its_own():
    seeds = {
        seed_of(run, purpose, epoch)
        for run in ("a", "b")
        for purpose in ("weights", "order", "dropout")
        for epoch in (1, 2, 11)
    }
    assert len(seeds) == 18


def test_torch_and_numpy_take_it():
    assert all(0 <= seed_of("run", "weights", number) < 2**63 for number in range(200))
