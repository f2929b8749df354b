from __future__ import annotations

import numpy as np
import torch
from torch import nn

from gridpress.training.prediction import EVALUATION_BATCH, evaluation_batches, predict


def test_images_are_predicted_in_batches_of_one_size_and_in_their_order():
    batches = evaluation_batches(np.arange(2 * EVALUATION_BATCH + 3))
    assert [len(batch) for batch in batches] == [EVALUATION_BATCH, EVALUATION_BATCH, 3]
    images = torch.rand(5, 4)
    logits = predict(nn.Identity(), [images[:3], images[3:].bfloat16()])
    assert logits.dtype == np.float32
    assert np.allclose(logits, images, atol=0.01)
