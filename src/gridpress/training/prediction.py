"""The answers of a network to images, the same wherever they are asked for."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor, nn

EVALUATION_BATCH = 250  # fixed, as the last bits of logits may depend on it


def evaluation_batches(index: np.ndarray) -> tuple[Tensor, ...]:
    """The images to predict, indices int64 [N], in batches of one size wherever they are predicted."""
    return torch.split(torch.from_numpy(index), EVALUATION_BATCH)


@torch.inference_mode()
def predict(network: nn.Module, batches: Iterable[Tensor]) -> np.ndarray:
    """Logits float32 [N, K] of images float32 [B, C, H, W] in batches."""
    return torch.cat([network(batch).float() for batch in batches]).cpu().numpy()
