"""When training ends as validation gets no better (Prechelt, "Early stopping - but when?", 1998)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gridpress.config.recipes import EarlyStopping
from gridpress.evaluation.scores import merit

History = Sequence[Mapping[str, Any]]  # of each epoch, as a record holds it


def best_epoch(rule: EarlyStopping, history: History) -> int | None:
    """The epoch of the best validation so far, of equals the first; None before the first."""
    if not history:
        return None
    best = max(history, key=lambda epoch: merit(rule.metric, epoch[f"validation_{rule.metric}"]))
    return int(best["epoch"])


def is_over(rule: EarlyStopping, history: History) -> bool:
    """Whether as many epochs as the rule's patience have passed since the best one."""
    best = best_epoch(rule, history)
    return best is not None and len(history) - best >= rule.patience
