from __future__ import annotations

import pytest
import torch

from gridpress.config.recipes import Augmentation
from gridpress.training.augmentation import augment

IMAGES = torch.rand(64, 3, 20, 20, generator=torch.Generator().manual_seed(5)) + 1  # nowhere 0, the mean


def changed(seed=0, images=IMAGES, **settings):
    return augment(images, Augmentation(**settings), torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(
    "settings", [{"shift": 0.2}, {"flip": 0.5}, {"crop": 0.5}, {"cutout": 0.4}], ids=lambda s: next(iter(s))
)
def test_it_is_the_same_every_time_and_another_with_another_seed(settings):
    assert torch.equal(changed(1, **settings), changed(1, **settings))
    assert not torch.equal(changed(1, **settings), changed(2, **settings))


def test_a_shift_moves_by_whole_pixels_up_to_its_share_and_lets_the_mean_in():
    distances = set()
    for before, after in zip(IMAGES, changed(shift=0.15), strict=True):
        seen = after.abs().sum(dim=0) > 1e-3
        down, across = _offset(seen.any(dim=1)), _offset(seen.any(dim=0))
        distances |= {down, across}
        inner = after[:, max(down, 0) : 20 + min(down, 0), max(across, 0) : 20 + min(across, 0)]
        whole = before[:, max(-down, 0) : 20 - max(down, 0), max(-across, 0) : 20 - max(across, 0)]
        assert torch.allclose(inner, whole, atol=1e-3)
    assert min(distances) >= -3
    assert max(distances) <= 3
    assert len(distances) > 4


def _offset(seen):
    """By how much the image was moved, from where it can be seen."""
    places = seen.nonzero().flatten().tolist()
    return places[0] or places[-1] - 19


def test_a_flip_mirrors_about_as_many_as_asked_for_and_leaves_the_others():
    after = changed(flip=0.25)
    mirrored = [torch.allclose(a, b.flip(-1), atol=1e-3) for a, b in zip(after, IMAGES, strict=True)]
    same = [torch.allclose(a, b, atol=1e-3) for a, b in zip(after, IMAGES, strict=True)]
    assert all(one != other for one, other in zip(mirrored, same, strict=True))
    assert 8 <= sum(mirrored) <= 26


def test_a_crop_stays_inside_the_image():
    ramp = torch.linspace(1, 2, 20).expand(64, 1, 20, 20)
    after = changed(images=ramp.contiguous(), crop=0.5)[:, :, 1:-1, 1:-1]
    assert after.min() >= 1 - 1e-3
    assert after.max() <= 2 + 1e-3
    spans = after[:, 0, 0, -1] - after[:, 0, 0, 0]
    assert 0.4 < spans.min() < spans.max() < 1.01


def test_a_cutout_is_a_square_of_the_mean_of_its_share():
    holes = changed(cutout=0.4).eq(0)
    assert torch.equal(holes[:, 0], holes[:, 2])
    sizes = holes[:, 0].sum(dim=(1, 2))
    assert sizes.max() == 64
    assert sizes.min() >= 9  # its centre lies in the image


def test_the_layout_of_the_images_stays():
    images = IMAGES.contiguous(memory_format=torch.channels_last)
    after = changed(images=images, shift=0.1, cutout=0.2)
    assert after.is_contiguous(memory_format=torch.channels_last)
    assert torch.allclose(after, changed(shift=0.1, cutout=0.2), atol=1e-6)
