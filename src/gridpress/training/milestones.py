"""The epochs after which a run is tested."""

from __future__ import annotations

from gridpress.config.recipes import Recipe
from gridpress.config.training import Train


def tested_at(settings: Train, recipe: Recipe) -> list[int]:
    """The milestones below the last epoch, and the last epoch.

    Only the latter where a run after n epochs is not what a run of n epochs is: where the learning rate falls
    along the whole training, or validation may end it.
    """
    shorter_is_the_same = recipe.schedule.name != "cosine" and recipe.early_stopping == "none"
    reached = [epoch for epoch in settings.milestones if epoch < settings.epochs]
    return [*(reached if shorter_is_the_same else []), settings.epochs]
