"""The block `svm`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from gridpress.config.block import Block
from gridpress.config.values import Count, Kernel, Name, Positive, Scaling, number, whole


class SvmConfig(Block):
    """One `sklearn.svm.SVC`: `degree` belongs to the poly kernel alone, `gamma` to all but the linear one."""

    kernel: Kernel
    C: Positive
    gamma: (
        Annotated[
            float | Literal["scale", "auto"],
            number("a number above 0, `scale` or `auto`", lambda value: value > 0, "scale", "auto"),
        ]
        | None
    ) = None
    degree: Annotated[int, whole(1)] | None = None

    @model_validator(mode="after")
    def _settings_belong_to_the_kernel(self) -> SvmConfig:
        if (self.kernel == "poly") != (self.degree is not None):
            raise ValueError("degree is needed with kernel poly, and has no meaning with another one")
        if (self.kernel == "linear") != (self.gamma is None):
            raise ValueError("gamma is needed with every kernel but linear, and has no meaning with that")
        return self


class Svm(Block):
    """Settings shared by all support vector machines, and the configurations by name."""

    scaling: Scaling
    max_iter: Annotated[
        int,
        number(
            "a whole number from 1, or -1 for no limit", lambda value: value == -1 or value >= 1, kinds=(int,)
        ),
    ]
    cache_size: Count
    configs: Annotated[dict[Name, SvmConfig], Field(min_length=1)]
