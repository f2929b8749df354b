from __future__ import annotations

import numpy as np
import pytest

from gridpress.stats.selection_bias import selection_inflation


def test_inflation_is_what_simulation_finds():
    rng = np.random.default_rng(5)
    best = rng.binomial(7000, 0.9, (20000, 16)).max(axis=1).mean() / 7000 - 0.9
    assert selection_inflation(0.9, 7000, 16) == pytest.approx(best, rel=0.03)


def test_choosing_among_one_inflates_nothing():
    assert selection_inflation(0.9, 7000, 1) == pytest.approx(0, abs=1e-12)
