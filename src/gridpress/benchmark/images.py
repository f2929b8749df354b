"""As many images as a measurement needs, also of a small dataset."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gridpress.data.loading import Images
from gridpress.data.splits import stratified_order

NOISE = 16  # grey levels by which a made-up pixel may be off, below and above


def enough(images: Images, wanted: int, seed: int) -> tuple[Images, int]:
    """So many images, any beginning of them stratified, and how many of these are made up.

    Where a dataset has fewer, its images are repeated with uniform noise: the time of a fit depends on how
    the classes overlap, and the same image twice would be one support vector.

    Args:
        images: of the dataset.
        wanted: how many.
        seed: of order and noise.
    """
    order = stratified_order(images.labels, seed)
    made_up = max(0, wanted - len(order))
    chosen = np.resize(order, wanted)
    pixels = images.pixels[chosen]
    if made_up:
        noise = np.random.default_rng(seed).integers(-NOISE, NOISE, pixels[-made_up:].shape, endpoint=True)
        pixels[-made_up:] = (pixels[-made_up:] + noise).clip(0, 255)
    return replace(images, pixels=pixels, labels=images.labels[chosen]), made_up
