"""Bring a study up to date: stages side by side, here or on a Dask cluster; DVC judges and keeps the record."""

from __future__ import annotations

from gridpress.repro.command import dvc
from gridpress.repro.engine import dry_run, repro

__all__ = ["dry_run", "dvc", "repro"]
