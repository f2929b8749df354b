from __future__ import annotations

import pytest
import torch

from gridpress.errors import InputError
from gridpress.training.devices import autocast, find_device


def test_a_device_that_is_not_there_is_named_with_those_that_are(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(InputError, match=r"train.device is cuda, which this machine lacks; it has .*cpu"):
        find_device("cuda")


@pytest.mark.parametrize(
    ("precision", "dtype"), [("fp32", None), ("bf16", torch.bfloat16), ("fp16", torch.float16)]
)
@pytest.mark.parametrize("kind", [torch.device("cpu"), torch.device("mps")], ids=str)
def test_mixed_precision_is_asked_of_the_device(kind, precision, dtype):
    """Of every device that autocast can be entered for without having it."""
    with autocast(kind, precision):
        assert torch.is_autocast_enabled(kind.type) is (dtype is not None)
        assert dtype in (None, torch.get_autocast_dtype(kind.type))


def test_mixed_precision_on_cuda_is_asked_of_cuda(monkeypatch):
    asked = []
    monkeypatch.setattr(torch, "autocast", lambda *args, **kwargs: asked.append((args, kwargs)))
    autocast(torch.device("cuda"), "fp16")
    assert asked == [(("cuda",), {"dtype": torch.float16, "enabled": True})]
