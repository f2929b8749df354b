"""What a classical classifier receives: pixels as numbers, scaled by the training images."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import TransformerMixin
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, StandardScaler

from gridpress.config.values import Scaling
from gridpress.data.loading import Images

Array = NDArray[Any]


def features(images: Images, index: Array) -> Array:
    """float64 [N, D], from 0 to 1."""
    return np.divide(images.pixels[index].reshape(len(index), -1), 255.0)


def scaler(name: Scaling) -> TransformerMixin:
    """What scales features, before it is fitted to those of the training images."""
    scalers = {"standard": StandardScaler, "minmax": MinMaxScaler, "none": FunctionTransformer}
    return scalers[name]()
