"""The part of a network's kernels that an input size really uses."""

from __future__ import annotations

from collections import Counter

import torch
from torch import nn


def keep_live_taps(model: nn.Module, channels: int, image_size: int) -> nn.Module:
    """Drop, in place, the kernel taps that only ever see zero padding at this input size.

    Convolutions that are anything but plain keep their kernels: dilated ones, those that pad with other than
    zeros, those that are used at several sizes, and weights that are shared or computed from others.

    At 28 px the last stage of a ResNet works on 1x1 maps: of its 3x3 kernels only the centre is alive.
    A dead tap has a gradient of exactly zero, so without weight decay training is the same network and
    the same mathematics without it, at a fraction of the work.

    Args:
        model: a network with its full kernels.
        channels: of the input images.
        image_size: pixels a side of the input images.
    """
    weights = Counter(id(weight) for module in model.modules() for weight in module.parameters(recurse=False))
    for conv, sizes in _input_sizes(model, channels, image_size).items():
        if len(sizes) > 1 or not _is_plain(conv) or weights[id(conv.weight)] > 1:
            continue
        [(height, width)] = sizes
        rows = _live_taps(conv, 0, height)
        columns = _live_taps(conv, 1, width)
        if rows is None or columns is None:
            continue
        weight = conv.weight[:, :, rows.start : rows.stop, columns.start : columns.stop]
        conv.weight = nn.Parameter(weight.detach().clone())
        conv.padding = (int(conv.padding[0]) - rows.start, int(conv.padding[1]) - columns.start)
        conv.kernel_size = (len(rows), len(columns))
    return model


def _input_sizes(model: nn.Module, channels: int, image_size: int) -> dict[nn.Conv2d, set[tuple[int, int]]]:
    """Heights and widths of what every convolution receives, found by one forward pass."""
    sizes: dict[nn.Conv2d, set[tuple[int, int]]] = {}

    def note(conv: nn.Conv2d, inputs: tuple[torch.Tensor, ...]) -> None:
        sizes.setdefault(conv, set()).add((inputs[0].shape[-2], inputs[0].shape[-1]))

    hooks = [m.register_forward_pre_hook(note) for m in model.modules() if isinstance(m, nn.Conv2d)]
    training = model.training
    model.eval()  # leaves the running statistics of BatchNorm alone
    with torch.no_grad():
        model(torch.zeros(1, channels, image_size, image_size))
    model.train(training)
    for hook in hooks:
        hook.remove()
    return sizes


def _is_plain(conv: nn.Conv2d) -> bool:
    """Whether its maps are sums of its own weights times pixels or zeros."""
    owned = conv._parameters.get("weight") is not None  # noqa: SLF001  # else another module computes it
    padded = conv.padding_mode == "zeros" and not isinstance(conv.padding, str)
    return type(conv) is nn.Conv2d and owned and padded and conv.dilation == (1, 1)


def _live_taps(conv: nn.Conv2d, axis: int, size: int) -> range | None:
    """The taps along one axis that meet the image somewhere; None where none can be dropped."""
    kernel, stride, padding = conv.kernel_size[axis], conv.stride[axis], int(conv.padding[axis])
    outputs = (size + 2 * padding - kernel) // stride + 1
    live = [t for t in range(kernel) if any(0 <= o * stride + t - padding < size for o in range(outputs))]
    if not live:
        return None
    taps = range(live[0], live[-1] + 1)
    shrunk = (size + 2 * (padding - taps.start) - len(taps)) // stride + 1
    return taps if shrunk == outputs else None
