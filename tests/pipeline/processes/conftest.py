from __future__ import annotations

from pipeline.repro.conftest import pristine, study, tiny

__all__ = ["pristine", "study", "tiny"]
