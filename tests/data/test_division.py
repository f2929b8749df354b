"""Splits are drawn from all images, from what is not the official test part, or group by group."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridpress.data.division import Group, Part, deal, pools
from gridpress.data.splits import Division, split

POOLED = (("train", 0.7), ("validation", 0.1), ("test", 0.2))
OFFICIAL = (("train", 0.7), ("validation", 0.1), ("test", "official"))
PARTS = (Part(60_000), Part(10_000, test=True))


def sizes(parts, fractions, seed=42):
    return Division(seed, pools(parts, fractions, seed), {}).sizes


def test_all_parts_are_one_pool_by_default():
    [pool] = pools(PARTS, POOLED, 42)
    assert np.array_equal(pool.images, np.arange(70_000))
    assert pool.sizes == {"train": 49_000, "validation": 7_000, "test": 14_000}


def test_the_official_test_part_is_the_test_split_and_the_others_are_shared_in_proportion():
    drawn, own = pools(PARTS, OFFICIAL, 42)
    assert np.array_equal(own.images, np.arange(60_000, 70_000))
    assert own.sizes == {"test": 10_000}
    assert np.array_equal(drawn.images, np.arange(60_000))
    assert drawn.sizes == {"train": 52_500, "validation": 7_500}


def test_an_official_test_part_may_come_first_and_have_several_files():
    parts = (Part(3, test=True), Part(10), Part(2, test=True), Part(6))
    drawn, own = pools(parts, OFFICIAL, 0)
    assert own.images.tolist() == [0, 1, 2, 13, 14]
    assert sum(drawn.sizes.values()) == 16


def grouped(seed: int, groups: int, classes: int = 3) -> tuple[Part, ...]:
    """Groups of one to nine images in two parts, some of them in both."""
    rng = np.random.default_rng(seed)
    parts = []
    for names in (range(groups), range(groups // 2, groups + groups // 2)):
        found = tuple(Group(f"g{n}", int(rng.integers(1, 10)), n % classes) for n in names)
        parts.append(Part(sum(group.images for group in found), groups=found))
    return tuple(parts)


@given(st.integers(0, 50), st.integers(4, 60), st.sampled_from([POOLED, OFFICIAL]))
def test_no_group_is_in_two_splits_and_no_image_is_lost(seed, groups, fractions):
    parts = grouped(seed, groups)
    if fractions is OFFICIAL:
        parts = (parts[0], parts[1]._replace(test=True))
    found = pools(parts, fractions, seed)
    together = np.concatenate([pool.images for pool in found])
    assert np.array_equal(np.sort(together), np.arange(sum(part.images for part in parts)))
    every = [group for part in parts for group in part.groups]
    name_of = np.repeat([group.name for group in every], [group.images for group in every])
    drawn = [pool for pool in found if not (fractions is OFFICIAL and "test" in pool.sizes)]
    held = [set(name_of[pool.images]) for pool in drawn]
    assert not any(one & other for at, one in enumerate(held) for other in held[:at])


def test_groups_are_dealt_near_to_the_fractions_class_by_class():
    groups = [Group(f"g{n}", 1 + n % 5, n % 3) for n in range(300)]
    dealt = deal(groups, dict(POOLED), 7)
    for label in range(3):
        members = [group for group in groups if group.label == label]
        images = sum(group.images for group in members)
        for name, fraction in POOLED:
            found = sum(group.images for group in members if dealt[group.name] == name)
            assert found == pytest.approx(fraction * images, abs=3)


def test_another_seed_deals_groups_otherwise():
    groups = [Group(f"g{n}", 2, 0) for n in range(50)]
    assert deal(groups, dict(POOLED), 1) == deal(groups, dict(POOLED), 1)
    assert deal(groups, dict(POOLED), 1) != deal(groups, dict(POOLED), 2)


def test_splits_of_groups_are_as_large_as_the_division_says():
    parts = grouped(3, 40)
    found = pools(parts, POOLED, 3)
    whole = sizes(parts, POOLED, 3)
    labels = np.zeros(sum(part.images for part in parts), np.uint8)
    splits = split(labels, Division(3, found, {**whole, "train_eval": 5}))
    assert [len(splits.train), len(splits.validation), len(splits.test)] == list(whole.values())
