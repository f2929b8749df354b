from __future__ import annotations

import numpy as np
import pytest
import torch

from gridpress.training.input_pipeline import InputPipeline


@pytest.mark.parametrize(("channels", "size"), [(1, 28), (3, 28), (3, 64), (1, 224)])
def test_the_input_pipeline_normalises_resizes_and_repeats(made_up, channels, size):
    images, splits = made_up
    pipeline = InputPipeline.fit(images.pixels[splits.train], channels, size, torch.contiguous_format)
    batch = pipeline(torch.from_numpy(images.pixels[splits.train]))
    assert batch.shape == (120, channels, size, size)
    assert batch.dtype == torch.float32
    if size == 28:
        assert batch[:, 0].mean().item() == pytest.approx(0, abs=1e-5)
        assert batch[:, 0].std().item() == pytest.approx(1, abs=1e-3)
    assert all(torch.equal(batch[:, 0], batch[:, channel]) for channel in range(channels))


def test_black_images_are_no_division_by_zero():
    pipeline = InputPipeline.fit(np.zeros((5, 28, 28), np.uint8), 1, 28, torch.contiguous_format)
    assert pipeline(torch.zeros(2, 28, 28, dtype=torch.uint8)).isfinite().all()
