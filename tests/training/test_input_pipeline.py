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
    pipeline = InputPipeline.fit(np.zeros((5, 1, 28, 28), np.uint8), 1, 28, torch.contiguous_format)
    assert pipeline(torch.zeros(2, 1, 28, 28, dtype=torch.uint8)).isfinite().all()


@pytest.mark.parametrize(("height", "width"), [(12, 20), (21, 8)])
def test_an_image_that_is_not_square_is_padded_with_the_mean_before_it_is_resized(height, width):
    pixels = np.random.default_rng(1).integers(0, 256, (6, 1, height, width), dtype=np.uint8)
    side = max(height, width)
    batch = InputPipeline.fit(pixels, 1, side, torch.contiguous_format)(torch.from_numpy(pixels))
    top, left = (side - height) // 2, (side - width) // 2
    inner = batch[:, :, top : top + height, left : left + width]
    plain = (torch.from_numpy(pixels).float() / 255 - pixels.mean() / 255) / (pixels.std() / 255)
    assert torch.allclose(inner, plain, atol=1e-4)
    batch[:, :, top : top + height, left : left + width] = 0
    assert not batch.any()


def test_colour_images_are_used_as_they_are_or_as_their_luminance():
    pixels = np.random.default_rng(1).integers(0, 256, (6, 3, 8, 8), dtype=np.uint8)
    colour = InputPipeline.fit(pixels, 3, 8, torch.contiguous_format)(torch.from_numpy(pixels))
    grey = InputPipeline.fit(pixels, 1, 8, torch.contiguous_format)(torch.from_numpy(pixels))
    assert (colour.shape, grey.shape) == ((6, 3, 8, 8), (6, 1, 8, 8))
    weights = torch.tensor([0.2989, 0.587, 0.114]).view(1, 3, 1, 1)
    mean, std = pixels.mean() / 255, pixels.std() / 255
    luminance = (torch.from_numpy(pixels).float() / 255 * weights).sum(dim=1, keepdim=True)
    assert torch.allclose(grey, (luminance - mean) / std, atol=1e-3)


def test_pretrained_weights_get_a_mean_and_a_deviation_for_each_channel_of_a_repeated_grey_image():
    pixels = torch.full((2, 1, 8, 8), 51, dtype=torch.uint8)
    pipeline = InputPipeline((0.1, 0.2, 0.3), (1.0, 2.0, 4.0), 3, 8, torch.contiguous_format)
    batch = pipeline(pixels)
    assert batch.shape == (2, 3, 8, 8)
    assert batch[0, :, 0, 0].tolist() == pytest.approx([0.1, 0.0, -0.025])


def test_constants_do_not_depend_on_how_many_images_are_counted_at_once():
    pixels = np.random.default_rng(3).integers(0, 256, (2300, 1, 4, 4), dtype=np.uint8)
    pipeline = InputPipeline.fit(pixels, 1, 4, torch.contiguous_format)
    assert pipeline.mean[0] == pytest.approx(pixels.mean() / 255, rel=1e-12)
    assert pipeline.std[0] == pytest.approx(pixels.std() / 255, rel=1e-12)
