"""Known values, and rates of false findings."""

from __future__ import annotations

import numpy as np
import pytest

from gridpress.stats.intervals import ALPHA
from gridpress.stats.multiple_comparisons import found_among, holm


def test_holm_multiplies_smallest_by_number_of_comparisons():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []


def test_holm_rejects_as_its_step_down_procedure_does():
    """The smallest p value against ALPHA / m, the next against ALPHA / (m - 1), until one is above."""
    draws = np.random.default_rng(2)
    for _ in range(20):
        p_values = draws.random(12) ** 6
        limits = ALPHA / np.arange(12, 0, -1)
        order = np.argsort(p_values)
        rejected = np.zeros(12, dtype=bool)
        rejected[order] = np.logical_and.accumulate(p_values[order] <= limits)
        assert [p <= ALPHA for p in holm(p_values.tolist())] == rejected.tolist()


@pytest.mark.usefixtures("no_garbage_collection")
def test_of_what_is_found_among_many_few_are_false_and_more_are_found_than_by_holm():
    draws = np.random.default_rng(4)
    false, found, by_holm = [], 0, 0
    for _ in range(300):
        real = draws.beta(0.2, 20, size=30)
        marks = found_among([*real, *draws.random(30)])
        false.append(sum(marks[30:]) / max(1, sum(marks)))
        found += sum(marks)
        by_holm += sum(p < ALPHA for p in holm([*real, *draws.random(30)]))
    assert sum(false) / len(false) < ALPHA
    assert found > 1.5 * by_holm
    assert found_among([]) == []
