"""Which images of a dataset may be drawn for which split: pooled, with its own test part, or by groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from gridpress.data.splits import Pool, sizes_of

OFFICIAL = "official"  # instead of the fraction of test: the dataset's own test part


class Group(NamedTuple):
    """Consecutive images of a part that belong together, as those of one patient.

    `name` is the same for all its images, in whatever part; `label` is the class that most of them show.
    """

    name: str
    images: int
    label: int


class Part(NamedTuple):
    """A part of a dataset: how many images it has, whether it is the official test part, all its groups."""

    images: int
    test: bool = False
    groups: tuple[Group, ...] = ()


@lru_cache(maxsize=64)
def pools(
    parts: tuple[Part, ...], fractions: tuple[tuple[str, float | str], ...], seed: int
) -> tuple[Pool, ...]:
    """Where each split is drawn from.

    Without groups all images are one pool, and with the official test part it and the others are two. Groups
    are dealt whole, so that each split is a pool of its own.

    Args:
        parts: pooled in this order; all with groups, or none.
        fractions: of all images, by `train`, `validation` and `test`; with `official` for test, those of the
            others are proportions of what is not in the official test part.
        seed: of the order in which groups are dealt.
    """
    images = np.arange(sum(part.images for part in parts))
    tested = np.repeat([part.test for part in parts], [part.images for part in parts])
    numbers = {name: value for name, value in fractions if not isinstance(value, str)}
    if len(numbers) < len(fractions):
        pooled, own = images[~tested], [Pool(images[tested], {"test": int(tested.sum())})]
        parts = tuple(part for part in parts if not part.test)
        numbers = {name: value / sum(numbers.values()) for name, value in numbers.items()}
    else:
        pooled, own = images, []
    groups = [group for part in parts for group in part.groups]
    if not groups:
        return (Pool(pooled, sizes_of(numbers, len(pooled))), *own)
    dealt = deal(groups, numbers, seed)
    split_of = np.repeat([dealt[group.name] for group in groups], [group.images for group in groups])
    members = {name: pooled[split_of == name] for name in numbers}
    return (*(Pool(found, {name: len(found)}) for name, found in members.items()), *own)


def deal(groups: Sequence[Group], fractions: Mapping[str, float], seed: int) -> dict[str, str]:
    """The split of each group by its name.

    Class by class, the largest groups first and those of one size in an order drawn from the seed, each goes
    where most images are missing to the share of its class.
    """
    sizes: Counter[str] = Counter()
    labels: dict[str, Counter[int]] = {}
    for group in groups:
        sizes[group.name] += group.images
        labels.setdefault(group.name, Counter())[group.label] += group.images
    names = sorted(sizes)
    shuffled = [names[at] for at in np.random.default_rng(seed).permutation(len(names))]
    by_class: dict[int, list[str]] = {}
    for name in sorted(shuffled, key=lambda name: -sizes[name]):
        by_class.setdefault(labels[name].most_common(1)[0][0], []).append(name)
    dealt = {}
    for members in by_class.values():
        images = sum(sizes[name] for name in members)
        missing = {split: fraction * images for split, fraction in fractions.items()}
        for name in members:
            dealt[name] = max(missing, key=lambda split: missing[split])
            missing[dealt[name]] -= sizes[name]
    return dealt
