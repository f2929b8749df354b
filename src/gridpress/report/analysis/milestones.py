"""After which epochs networks are tested, in words."""

from __future__ import annotations

from gridpress.config.recipes import Recipe
from gridpress.report.data.study import Study
from gridpress.report.presentation.names import listed
from gridpress.training.milestones import tested_at


def tested_after(study: Study) -> str:
    """`epochs 3 and 5`; of each recipe where they differ."""
    by_words: dict[str, list[str]] = {}
    for name, recipe in study.used_recipes.items():
        by_words.setdefault(_words(study, recipe), []).append(f"`{name}`")
    if len(by_words) == 1:
        return next(iter(by_words))
    return listed((f"{words} ({listed(names)})" for words, names in by_words.items()), "or")


def _words(study: Study, recipe: Recipe) -> str:
    if recipe.early_stopping != "none":
        return "the epoch that early stopping keeps"
    epochs = tested_at(study.params.train, recipe)
    return f"{'epochs' if len(epochs) > 1 else 'epoch'} {listed(map(str, epochs))}"
