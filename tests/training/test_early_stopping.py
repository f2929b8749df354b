from __future__ import annotations

import pytest

from gridpress.config.recipes import EarlyStopping
from gridpress.training.early_stopping import best_epoch, is_over


def history(metric, *values):
    return [{"epoch": epoch, f"validation_{metric}": value} for epoch, value in enumerate(values, start=1)]


@pytest.mark.parametrize(
    ("metric", "values", "best"),
    [
        ("accuracy", (0.5, 0.9, 0.9, 0.8), 2),
        ("log_loss", (0.5, 0.3, 0.4, 0.3), 2),
        ("macro_f1", (0.9,), 1),
        ("accuracy", (), None),
    ],
)
def test_the_best_epoch_is_the_first_of_the_best(metric, values, best):
    assert best_epoch(EarlyStopping(metric=metric, patience=1), history(metric, *values)) == best


@pytest.mark.parametrize(
    ("values", "over"), [((), False), ((0.5,), False), ((0.5, 0.4), False), ((0.5, 0.4, 0.5), True)]
)
def test_it_is_over_when_so_many_epochs_brought_nothing_better(values, over):
    assert is_over(EarlyStopping(metric="accuracy", patience=2), history("accuracy", *values)) is over
