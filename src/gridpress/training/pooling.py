"""Adaptive average pooling whose gradient CUDA computes the same way every time.

PyTorch's own adds up in any order there, and refuses where deterministic algorithms are asked for. It is the
same mean over the same windows, as two matrix products.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def deterministic_pooling(model: nn.Module) -> None:
    """Compute, from now on, the model's adaptive pooling by matrices; to a single pixel it is a mean."""
    for module in model.modules():
        if type(module) is nn.AdaptiveAvgPool2d and module.output_size not in (1, (1, 1)):
            module.__class__ = MatrixPool2d


class MatrixPool2d(nn.AdaptiveAvgPool2d):
    """float32 [B, C, H, W] to [B, C, H', W']."""

    def forward(self, maps: Tensor) -> Tensor:
        wanted = self.output_size if isinstance(self.output_size, tuple) else (self.output_size,) * 2
        rows, columns = (
            _windows(size, size if outputs is None else outputs, maps)
            for size, outputs in zip(maps.shape[-2:], wanted, strict=True)
        )
        return rows @ maps @ columns.t()


def _windows(inputs: int, outputs: int, like: Tensor) -> Tensor:
    """The share of each input in each output, [outputs, inputs], as torch.nn.AdaptiveAvgPool2d has them."""
    places = torch.arange(outputs, device=like.device)
    first, last = places * inputs // outputs, -(-(places + 1) * inputs // outputs)
    pixels = torch.arange(inputs, device=like.device)
    inside = (pixels >= first[:, None]) & (pixels < last[:, None])
    return inside.to(like.dtype) / (last - first)[:, None]
