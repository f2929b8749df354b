"""How networks are written for a reader."""

from __future__ import annotations

import re

# How names of torchvision are written in papers; others are shown as they are.
TITLES = (
    (r"resnet(\d+)", r"ResNet-\1"),
    (r"wide_resnet(\d+)_2", r"Wide ResNet-\1-2"),
    (r"resnext(\d+)_(\d+x\d+d)", r"ResNeXt-\1 \2"),
    (r"vgg(\d+)_bn", r"VGG-\1-BN"),
    (r"vgg(\d+)", r"VGG-\1"),
    (r"densenet(\d+)", r"DenseNet-\1"),
    (r"mobilenet_v2", "MobileNetV2"),
    (r"mobilenet_v3_(\w)(\w+)", "MobileNetV3-{}"),
    (r"efficientnet_b(\d)", r"EfficientNet-B\1"),
    (r"convnext_(\w)(\w+)", "ConvNeXt-{}"),
    (r"squeezenet(\d)_(\d)", r"SqueezeNet \1.\2"),
    (r"alexnet", "AlexNet"),
    (r"googlenet", "GoogLeNet"),
    (r"lenet5", "LeNet-5"),
    (r"mlp", "MLP"),
    (r"small_cnn", "Small CNN"),
)


def title(name: str) -> str:
    """`ResNet-18` of resnet18; a name without an entry as it is."""
    for pattern, title in TITLES:
        if match := re.fullmatch(pattern, name):
            return (
                match.expand(title)
                if "{}" not in title
                else title.format("".join(match.groups()).capitalize())
            )
    return name
