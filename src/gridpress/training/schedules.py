"""How the learning rate changes over the steps of a training."""

from __future__ import annotations

import math

from gridpress.config.recipes import Constant, Cosine, Step


def factor(schedule: Constant | Step | Cosine, step: int, steps: int, steps_per_epoch: int) -> float:
    """What the learning rate of the grid is multiplied by.

    Cosine: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, without
    restarts; linear warm-up: Goyal et al., "Accurate, large minibatch SGD", 2017.

    Args:
        schedule: of the recipe.
        step: from 0.
        steps: of the whole training.
        steps_per_epoch: of one epoch.
    """
    match schedule:
        case Step():
            return float(schedule.factor ** (step // steps_per_epoch // schedule.every))
        case Cosine():
            warmup = round(schedule.warmup * steps)
            if step < warmup:
                return (step + 1) / warmup
            return (1 + math.cos(math.pi * (step - warmup) / (steps - warmup))) / 2
        case _:
            return 1.0
