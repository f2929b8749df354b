from __future__ import annotations

import pytest

from gridpress.benchmark.agreement import MOVED, PLAIN, compare, measure_agreement
from gridpress.errors import GridpressError


def test_distance_of_curves_is_the_largest_and_says_where():
    found = compare("other", [2.0, 1.5, 1.25], [2.0, 1.0, 1.0])
    assert (found.largest_difference, found.at_step) == (0.5, 2)


def test_curves_of_different_length_are_no_comparison():
    with pytest.raises(ValueError, match="longer"):
        compare("other", [2.0], [2.0, 1.0])


def test_the_reference_agrees_with_itself_exactly_and_others_nearly(bench, target):
    targets = {
        "same": target().model_dump(),
        "last": target(memory_format="channels_last").model_dump(),
        "bf16": target(precision="bf16").model_dump(),
    }
    done = []
    found = measure_agreement(
        bench(targets=targets, agreement_steps=3, batch_sizes=[8]),
        lambda name, steps: done.append((name, steps)),
    )
    same, last, bf16 = found.curves
    assert same.losses == found.reference
    assert same.largest_difference == 0
    assert last.losses[0] == pytest.approx(found.reference[0], abs=1e-4)
    assert bf16.largest_difference > 0
    assert bf16.losses[0] == pytest.approx(found.reference[0], abs=0.1)
    assert found.rounding.losses[0] == pytest.approx(found.reference[0], abs=1e-3)
    assert [name for name, _ in done] == [PLAIN, MOVED, "same", "last", "bf16"]


def test_a_loss_that_is_not_finite_is_an_error_with_a_remedy(bench):
    with pytest.raises(GridpressError, match="learning_rate is 1e\\+30: take a lower one"):
        measure_agreement(bench(learning_rate=1e30, agreement_steps=4), lambda *_: None)
