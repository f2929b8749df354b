"""The parameters of a run with another number of images or epochs than the grid's."""

from __future__ import annotations

import math

from gridpress.config.learning_curve import images_at
from gridpress.config.params import Params
from gridpress.config.recipes import EarlyStopping, Recipe, Step
from gridpress.seeding import seed_of


def at_fraction(params: Params, dataset: str, fraction: float) -> Params:
    """One dataset, with a fraction of its training and of its validation split; the test images stay.

    Of validation images there are as many as there are classes, at least. All of `data` that decides how many
    images are used is a number then.
    """
    sizes, used = params.sizes(dataset), params.used(dataset)
    train, validation = (images_at(fraction, sizes[name]) for name in ("train", "validation"))
    numbers = {
        "train_samples": train,
        "train_eval_samples": min(used["train_eval"], train),
        "val_samples": min(used["validation"], max(validation, len(params.dataset(dataset).classes))),
    }
    return params.model_copy(update={"datasets": [dataset], "data": params.data.model_copy(update=numbers)})


def as_many_steps(params: Params, dataset: str, fraction: float, batch_size: int) -> int:
    """Epochs at a fraction: below the grid's number of images those of as many steps, else the grid's.

    A small set would be a short training too, else.
    """
    epochs = params.train.epochs
    here, grid = (
        math.ceil(which.used(dataset)["train"] / batch_size)
        for which in (at_fraction(params, dataset, fraction), params)
    )
    return max(epochs, round(epochs * grid / here))


def network_at_fraction(params: Params, dataset: str, fraction: float, batch_size: int) -> Params:
    """As `at_fraction`, for a network: where its training images are not all, it draws them by itself.

    Another number of epochs than the grid's is tested after the last one alone.
    """
    epochs = as_many_steps(params, dataset, fraction, batch_size)
    there = at_fraction(params, dataset, fraction)
    if epochs != params.train.epochs:
        there = _train(_stretched(there, epochs / params.train.epochs), epochs=epochs, milestones=[])
    return _train(there, subset="own") if fraction < 1 else there


def _stretched(params: Params, factor: float) -> Params:
    """What recipes count in epochs, as many times as long: the steps after which it happens stay the same."""

    def times(epochs: int) -> int:
        return max(1, round(factor * epochs))

    def of(recipe: Recipe) -> Recipe:
        changes: dict[str, object] = {}
        if isinstance(recipe.schedule, Step):
            changes["schedule"] = recipe.schedule.model_copy(update={"every": times(recipe.schedule.every)})
        if isinstance(recipe.early_stopping, EarlyStopping):
            patience = times(recipe.early_stopping.patience)
            changes["early_stopping"] = recipe.early_stopping.model_copy(update={"patience": patience})
        return recipe.model_copy(update=changes)

    return params.model_copy(update={"recipes": {name: of(one) for name, one in params.recipes.items()}})


def longer(params: Params, epochs: int) -> Params:
    """With more epochs, tested whenever those of the grid have doubled."""
    doublings = [params.train.epochs << power for power in range(epochs.bit_length())]
    return _train(params, epochs=epochs, milestones=[epoch for epoch in doublings if epoch < epochs])


def _train(params: Params, **changes: object) -> Params:
    return params.model_copy(update={"train": params.train.model_copy(update=changes)})


def repetition(params: Params, key: str, seed: int) -> tuple[Params, int]:
    """For a classifier that has no seed: parameters, and the seed of the draw of its training images.

    Args:
        params: at a fraction; an estimator that draws at random gets the seed.
        key: of its run.
        seed: of the repetition.
    """
    baseline = params.baseline.model_copy(update={"seed": seed})
    return params.model_copy(update={"baseline": baseline}), seed_of(f"{key}-{seed}", "subset")
