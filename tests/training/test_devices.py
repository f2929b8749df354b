from __future__ import annotations

import pytest
import torch

from gridpress.errors import InputError
from gridpress.training.devices import find_device


def test_a_device_that_is_not_there_is_named_with_those_that_are(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(InputError, match=r"train.device is cuda, which this machine lacks; it has .*cpu"):
        find_device("cuda")
