"""The stages of dvc.yaml, one module each: read parameters and data, compute, write the records."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from gridpress.progress import Advance

# How a stage shows its progress: called with a title and the sum of all amounts, as `progress.progress`.
Show = Callable[[str, float], AbstractContextManager[Advance]]
