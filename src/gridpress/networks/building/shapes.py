"""Networks without memory: tensors on the device `meta`, which computes shapes and no numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode


class _WithoutMemory(TorchFunctionMode):
    """Whatever is made with `torch.empty`, as the weights of layers are, has a shape and no numbers.

    Not everything, as with `torch.device("meta")`: RegNets compute their widths with tensors.
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: Any = (),
        kwargs: Any = None,
    ) -> Any:
        return func(*args, **{**(kwargs or {}), **({"device": "meta"} if func is torch.empty else {})})


def of_shapes(make: Callable[[], nn.Module]) -> nn.Module:
    """The network that `make` makes, in no time and without its memory."""
    with _WithoutMemory():
        return make().to("meta")
