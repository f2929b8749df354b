"""Convolutions as matrix products, for the small images and batches on which that is faster on a CPU.

oneDNN brings the weights of every convolution into a layout of its own at every step, which costs more than
the arithmetic where maps are small. Its matrix product takes them as they lie, in channels_last layout: a 1x1
convolution is one product, and larger kernels are one over columns (im2col; Chellapilla et al., "High
Performance Convolutional Neural Networks for Document Processing", 2006). The same mathematics, summed in
another order.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional

Pair = tuple[int, ...]

LARGE_KERNELS_FROM = 256  # input channels; below it, filling the columns costs more than it saves


def products_pay(device: str, image_size: int, precision: str) -> bool:
    """Whether the convolutions of a ResNet are faster as products, as measured (benchmarks/NOTES.md)."""
    onednn = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    if device != "cpu" or image_size >= 224 or not onednn:
        return False
    bf16 = torch.ops.mkldnn._is_mkldnn_bf16_supported()  # noqa: SLF001
    return precision == "fp32" or (precision == "bf16" and bf16)


def as_products(model: nn.Module) -> nn.Module:
    """Compute, from now on, the model's convolutions as matrix products where that pays.

    Weights stay as they are.
    """
    for conv in model.modules():
        if type(conv) is nn.Conv2d and _pays(conv):
            conv.__class__ = ProductConv2d  # the same parameters, another forward
    return model


def _pays(conv: nn.Conv2d) -> bool:
    plain = conv.groups == 1 and conv.dilation == (1, 1) and conv.bias is None
    plain = plain and conv.padding_mode == "zeros" and not isinstance(conv.padding, str)
    return plain and (conv.kernel_size == (1, 1) or conv.in_channels >= LARGE_KERNELS_FROM)


class ProductConv2d(nn.Conv2d):
    """A convolution without bias, groups and dilation, for channels_last images."""

    def _conv_forward(self, images: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:  # noqa: ARG002
        if torch.is_autocast_enabled("cpu"):
            dtype = torch.get_autocast_dtype("cpu")
            images, weight = images.to(dtype), weight.to(dtype)
        result: Tensor = _Convolution.apply(images, weight, self.stride, self.padding)
        return result


class _Convolution(torch.autograd.Function):
    """Images [B, C, H, W] and weight [O, C, h, w] to maps [B, O, H', W']."""

    @staticmethod
    def forward(ctx: Any, images: Tensor, weight: Tensor, stride: Pair, padding: Pair) -> Tensor:
        columns, height, width = _columns(images, weight.shape[2:], stride, padding)
        matrix = weight.permute(0, 2, 3, 1).reshape(len(weight), -1)
        ctx.save_for_backward(columns, matrix)
        ctx.geometry = images.shape, weight.shape, stride, padding, height, width
        maps = _product(columns, matrix).view(len(images), height, width, len(weight))
        return maps.permute(0, 3, 1, 2)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None, None]:
        columns, matrix = ctx.saved_tensors
        shape, (outputs, channels, *kernel), stride, padding, height, width = ctx.geometry
        gradient = gradient.permute(0, 2, 3, 1).reshape(-1, outputs)
        of_matrix = _product(gradient.t(), columns.t())
        of_columns = _product(gradient, matrix.t()).view(shape[0], height, width, *kernel, channels)
        of_weight = of_matrix.view(outputs, *kernel, channels).permute(0, 3, 1, 2)
        return _images(of_columns, shape, stride, padding), of_weight, None, None


def _product(left: Tensor, right: Tensor) -> Tensor:
    """[M, K] times the transpose of [N, K]: oneDNN's product, which torch calls in half precision only."""
    if left.dtype in (torch.float32, torch.bfloat16):
        result: Tensor = torch.ops.mkldnn._linear_pointwise(left, right, None, "none", [], "")  # noqa: SLF001
        return result
    return left @ right.t()


def _columns(images: Tensor, kernel: Pair, stride: Pair, padding: Pair) -> tuple[Tensor, int, int]:
    """What every output position sees, [B * H' * W', h * w * C], with H' and W'."""
    pixels = images.permute(0, 2, 3, 1)
    if any(padding):
        pixels = functional.pad(pixels, (0, 0, padding[1], padding[1], padding[0], padding[0]))
    windows = pixels.unfold(1, kernel[0], stride[0]).unfold(2, kernel[1], stride[1])
    batch, height, width = windows.shape[:3]
    columns = windows.permute(0, 1, 2, 4, 5, 3).reshape(batch * height * width, -1)
    return columns.contiguous(), height, width  # oneDNN takes two hundred times as long over rows with gaps


def _images(columns: Tensor, shape: torch.Size, stride: Pair, padding: Pair) -> Tensor:
    """The sum of what columns [B, H', W', h, w, C] hold for each pixel of images [B, C, H, W]."""
    batch, channels, rows, cols = shape
    height, width, kernel = columns.shape[1], columns.shape[2], columns.shape[3:5]
    if kernel == (1, 1) and stride == (1, 1):
        return columns.view(batch, rows, cols, channels).permute(0, 3, 1, 2)
    pixels = columns.new_zeros(batch, rows + 2 * padding[0], cols + 2 * padding[1], channels)
    for row in range(kernel[0]):
        for col in range(kernel[1]):
            down = slice(row, row + stride[0] * (height - 1) + 1, stride[0])
            across = slice(col, col + stride[1] * (width - 1) + 1, stride[1])
            pixels[:, down, across] += columns[:, :, :, row, col]
    inner = pixels[:, padding[0] : padding[0] + rows, padding[1] : padding[1] + cols]
    return inner.permute(0, 3, 1, 2)
