"""Which images the study uses, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gridpress.data.loading import Labels
from gridpress.errors import GridpressError

SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class Splits:
    """Indices into the pooled images, int64; `train_eval` is the beginning of `train`."""

    train: NDArray[np.int64]
    train_eval: NDArray[np.int64]
    validation: NDArray[np.int64]
    test: NDArray[np.int64]


def stratified_order(labels: Labels, seed: int) -> NDArray[np.int64]:
    """An order of all images in which every contiguous slice holds the classes in proportion.

    The images are shuffled; then the i-th of the n images of a class is placed at (i + 0.5) / n, and
    images at the same place keep their shuffled order. With classes of about equal size, a slice from the
    beginning is off by less than one image per class from exact proportion, any other by less than two.

    Args:
        labels: of the classes, [N].
        seed: of numpy's PCG64.

    Returns:
        A permutation of 0 to N - 1, int64 [N].
    """
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    place = np.empty(len(labels))
    for label in np.unique(labels):
        members = np.flatnonzero(labels[shuffled] == label)
        place[members] = (np.arange(len(members)) + 0.5) / len(members)
    return shuffled[np.argsort(place, kind="stable")].astype(np.int64)


def sizes_of(fractions: Mapping[str, float], images: int) -> dict[str, int]:
    """How many of so many images are in each split, from its fraction; the last one has what is left."""
    *first, last = fractions
    sizes = {name: round(fractions[name] * images) for name in first}
    return {**sizes, last: images - sum(sizes.values())}


def used_of(sizes: Mapping[str, int], samples: Mapping[str, int | None]) -> dict[str, int]:
    """How many images are used of each split: as many as are asked for, or all where there are fewer.

    Args:
        sizes: images in `train`, `validation` and `test`.
        samples: images wanted of these, and of the training images for `train_eval`; None for all.
    """

    def used(name: str, available: int) -> int:
        wanted = samples[name]
        return available if wanted is None else min(wanted, available)

    train = used("train", sizes["train"])
    return {
        "train": train,
        "train_eval": used("train_eval", train),
        **{name: used(name, sizes[name]) for name in ("validation", "test")},
    }


class Pool(NamedTuple):
    """Images that some of the splits are drawn from: indices, int64, and the size of each of these splits."""

    images: NDArray[np.int64]
    sizes: Mapping[str, int]


@dataclass(frozen=True)
class Division:
    """How the images of a dataset are divided among the splits.

    Attributes:
        seed: of the order in which they are drawn.
        pools: disjoint; together all images, and each of `train`, `validation` and `test` once.
        samples: images used of these, and of the first of them, `train_eval`.
    """

    seed: int
    pools: Sequence[Pool]
    samples: Mapping[str, int]

    @property
    def sizes(self) -> dict[str, int]:
        """Images in `train`, `validation` and `test`."""
        found = {name: size for pool in self.pools for name, size in pool.sizes.items()}
        return {name: found[name] for name in SPLITS}


def split(labels: Labels, division: Division, draw: int | None = None) -> Splits:
    """Which images the study uses: disjoint splits, and the beginning of each as its sample.

    A larger sample contains every smaller one, as both are beginnings of the same order.

    Args:
        labels: of the classes, [N].
        division: of these images.
        draw: the seed of another order of the training split, for a training sample of one's own.

    Raises:
        GridpressError: the sizes don't sum to N, or a sample is larger than its split.
    """
    sizes, samples = division.sizes, division.samples
    if sum(sizes.values()) != len(labels):
        raise GridpressError(f"the splits hold {sum(sizes.values())} images, the dataset {len(labels)}")
    available = {**sizes, "train_eval": samples["train"]}
    for name, count in samples.items():
        if count > available[name]:
            raise GridpressError(f"{count} images wanted for {name}, where there are {available[name]}")
    whole: dict[str, NDArray[np.int64]] = {}
    for images, of in division.pools:
        order = images[stratified_order(labels[images], division.seed)]
        ends = np.cumsum([*of.values()])[:-1]
        whole |= dict(zip(of, np.split(order, ends), strict=True))
    train = whole["train"]
    if draw is not None:
        train = train[stratified_order(labels[train], draw)]
    return Splits(
        train=train[: samples["train"]],
        train_eval=train[: samples["train_eval"]],
        validation=whole["validation"][: samples["validation"]],
        test=whole["test"][: samples["test"]],
    )
