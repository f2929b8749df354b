from __future__ import annotations

from itertools import pairwise

import pytest

from gridpress.config.recipes import Constant, Cosine, Step
from gridpress.training.schedules import factor


def along(schedule, steps=20, steps_per_epoch=5):
    return [factor(schedule, step, steps, steps_per_epoch) for step in range(steps)]


def test_a_constant_rate_stays():
    assert set(along(Constant(name="constant"))) == {1.0}


def test_a_step_falls_after_every_so_many_epochs():
    assert along(Step(name="step", every=2, factor=0.1)) == [1.0] * 10 + [0.1] * 10


def test_a_cosine_rises_in_proportion_and_falls_towards_zero_in_every_step():
    rates = along(Cosine(name="cosine", warmup=0.2))
    assert rates[:5] == [0.25, 0.5, 0.75, 1.0, 1.0]
    assert all(later < earlier for earlier, later in pairwise(rates[4:]))
    assert 0 < rates[-1] < 0.02
    assert rates[12] == pytest.approx(0.5)


@pytest.mark.parametrize("warmup", [0.0, 0.999])
def test_warm_up_may_take_nothing_or_nearly_everything(warmup):
    assert all(0 < rate <= 1 for rate in along(Cosine(name="cosine", warmup=warmup)))
