"""Training images changed at random, so that a network never sees the same one twice.

All that is random is drawn by the processor, as its generator gives the same numbers everywhere, and applied
on the device.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from gridpress.config.recipes import Augmentation


def augment(images: Tensor, settings: Augmentation, generator: torch.Generator) -> Tensor:
    """Each image in its own way, by what the settings name.

    - shift: by up to this share of the side in each direction, what comes in is the mean of the training
      images (0 after normalisation);
    - flip: left to right, with this probability;
    - crop: to a square of at least this share of the side, anywhere in the image, brought back to its size
      (bilinear);
    - cutout: a square of this share of the side, anywhere with its centre in the image, becomes the mean
      (DeVries and Taylor, "Improved regularization of convolutional neural networks with cutout", 2017).

    Args:
        images: normalised float32 [B, C, S, S].
        settings: of the recipe.
        generator: on the CPU.

    Returns:
        float32 [B, C, S, S] in the memory format of `images`.
    """
    draws = torch.rand(8, len(images), generator=generator).to(images.device)
    scale = 1 - (1 - (settings.crop or 1.0)) * draws[0]
    across, down = ((1 - scale) * (2 * draw - 1) for draw in draws[1:3])
    if settings.shift:
        side = images.shape[-1]
        across, down = (
            centre + torch.round((2 * draw - 1) * settings.shift * side) * 2 / side
            for centre, draw in zip((across, down), draws[3:5], strict=True)
        )
    mirror = torch.where(draws[5] < (settings.flip or 0.0), -1.0, 1.0)
    none = torch.zeros_like(scale)
    affine = torch.stack([scale * mirror, none, across, none, scale, down], dim=1).view(-1, 2, 3)
    grid = functional.affine_grid(affine, list(images.shape), align_corners=False)
    result = functional.grid_sample(images, grid, align_corners=False)
    if settings.cutout:
        result = _cut_out(result, settings.cutout, draws[6], draws[7])
    layout = torch.channels_last if _is_channels_last(images) else torch.contiguous_format
    return result.contiguous(memory_format=layout)


def _cut_out(images: Tensor, share: float, across: Tensor, down: Tensor) -> Tensor:
    side = images.shape[-1]
    centres = (torch.arange(side, device=images.device) + 0.5) / side
    columns = (centres - across[:, None]).abs() * 2 <= share
    rows = (centres - down[:, None]).abs() * 2 <= share
    return images.masked_fill((rows[:, :, None] & columns[:, None, :])[:, None], 0.0)


def _is_channels_last(images: Tensor) -> bool:
    return images.is_contiguous(memory_format=torch.channels_last) and not images.is_contiguous()
